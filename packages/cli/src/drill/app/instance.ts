import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DrillError } from '../drill-error.js'
import type { Target } from '../target.js'
import { isPortTaken, waysToGiveThePort } from './explain-port.js'
import { findFreePort, isFree } from './free-port.js'
import { startRun } from './run.js'
import type { Ending, Run, Termination } from './run.js'

export interface InstanceOptions {
  readonly name: string
  readonly command: readonly string[]
  readonly graceMs: number
  /** The variable that holds the port. @default PORT */
  readonly portEnv?: string | undefined
  /** @default a free one, which stays free while the app restarts */
  readonly port?: number | undefined
  /** Copied into the data directory before the first start. */
  readonly data?: string | undefined
  /** Added to the environment of the app. */
  readonly env?: Readonly<Record<string, string>>
}

/** One copy of the app: a port and a data directory that stay the same over its restarts. */
export interface Instance {
  readonly name: string
  readonly target: Target
  /** Its DATA_DIR. */
  readonly directory: string
  /** Rejects as soon as the app ends without having been asked to. */
  readonly failed: Promise<never>
  /** Of the process that was started last. */
  pid(): number | undefined
  start(): void
  /** SIGTERM, the grace period, and only then SIGKILL. */
  stop(termination?: Termination): Promise<Ending>
  output(): string
  /** Ends the app at once and removes its directory. */
  dispose(): Promise<void>
}

const host = '127.0.0.1'

export async function createInstance(options: InstanceOptions): Promise<Instance> {
  const { name, graceMs, portEnv = 'PORT' } = options
  const port = options.port ?? (await findFreePort(host))
  if (!(await isFree(host, port))) throw new DrillError(`Port ${port} is in use already`)
  const command = options.command.map((part) => part.replaceAll('{port}', String(port)))
  const directory = await mkdtemp(join(tmpdir(), 'lastcall-drill-'))
  if (options.data !== undefined) await cp(options.data, directory, { recursive: true })
  const env = {
    ...process.env,
    [portEnv]: String(port),
    HOST: host,
    DATA_DIR: directory,
    LASTCALL_GRACE_PERIOD_MS: String(graceMs),
    ...options.env,
  }
  let run: Run | undefined
  let disposed = false
  let fail: (error: Error) => void = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  failed.catch(() => {
    // Whoever waits for the instance sees it; when nobody does, the drill is already ending.
  })

  const failure = (started: Run, ending: Ending): DrillError => {
    const output = started.output()
    const hint = isPortTaken(output) ? `. The port that it wants is taken already: ${waysToGiveThePort}` : ''
    return new DrillError(describe(name, command, ending) + hint, output)
  }

  return {
    name,
    target: { name, host, port },
    directory,
    failed,
    pid: () => run?.pid,
    start() {
      // An interrupted drill may still be on its way here.
      if (disposed) throw new Error(`${name} is gone`)
      const started = startRun(command, env)
      run = started
      void started.ended.then((ending) => {
        if (!started.isTerminating()) fail(failure(started, ending))
      })
    },
    stop(termination) {
      if (run === undefined) throw new Error(`${name} was never started`)
      return run.terminate(graceMs, termination)
    },
    output: () => run?.output() ?? '',
    async dispose() {
      disposed = true
      await run?.destroy()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function describe(name: string, command: readonly string[], { error, exitCode, exitSignal }: Ending): string {
  if (error) return `The command could not be started: ${command.join(' ')} (${error.message})`
  const how = exitSignal === null ? `with exit code ${exitCode}` : `by ${exitSignal}`
  return `The app ended by itself, ${how} (${name}: ${command.join(' ')})`
}
