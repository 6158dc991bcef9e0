import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DrillError } from './drill-error.js'
import { findFreePort } from './free-port.js'
import { startRun } from './run.js'
import type { Ending, Run } from './run.js'
import type { Target } from './target.js'

export interface InstanceOptions {
  readonly name: string
  readonly command: readonly string[]
  readonly graceMs: number
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
  start(): void
  /** SIGTERM, the grace period, and only then SIGKILL. */
  stop(): Promise<Ending>
  output(): string
  /** Ends the app at once and removes its directory. */
  dispose(): Promise<void>
}

const host = '127.0.0.1'

export async function createInstance(options: InstanceOptions): Promise<Instance> {
  const { name, command, graceMs } = options
  const port = await findFreePort(host)
  const directory = await mkdtemp(join(tmpdir(), 'lastcall-drill-'))
  if (options.data !== undefined) await cp(options.data, directory, { recursive: true })
  const env = {
    ...process.env,
    PORT: String(port),
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

  return {
    name,
    target: { name, host, port },
    directory,
    failed,
    start() {
      // An interrupted drill may still be on its way here.
      if (disposed) throw new Error(`${name} is gone`)
      const started = startRun(command, env)
      run = started
      void started.ended.then((ending) => {
        if (!started.isTerminating()) fail(new DrillError(describe(name, command, ending), started.output()))
      })
    },
    stop() {
      if (run === undefined) throw new Error(`${name} was never started`)
      return run.terminate(graceMs)
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
