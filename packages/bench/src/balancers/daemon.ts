import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { host } from './balancer.js'

export interface DaemonOptions {
  readonly binary: string
  /** The port that it listens on when it is ready. */
  readonly port: number
  /** The text of its configuration, which may name files in the directory. */
  readonly configure: (directory: string) => string
  readonly args: (directory: string, configuration: string) => readonly string[]
}

/** A balancer that runs as an ordinary process, with everything it writes in a directory of its own. */
export interface Daemon {
  readonly directory: string
  /** What it printed since the last call. */
  takeOutput(): string
  stop(): Promise<void>
}

export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { binary, port } = options
  const directory = await mkdtemp(join(tmpdir(), 'lastcall-bench-'))
  const configuration = join(directory, 'configuration')
  await writeFile(configuration, options.configure(directory))
  const child = spawn(binary, options.args(directory, configuration), { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer): void => void (output += chunk.toString())
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const closed = once(child, 'close')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    // rejects when it could not even be started
    await closed.catch(() => {})
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await Promise.race([isListening(port), closed.then(() => Promise.reject(new Error('it ended at once')))])
  } catch (error) {
    await stop()
    throw new Error(`${binary} did not start: ${output}`, { cause: error })
  }
  return {
    directory,
    takeOutput() {
      const taken = output
      output = ''
      return taken
    },
    stop,
  }
}

/** Neither balancer says when it listens. */
async function isListening(port: number): Promise<void> {
  const giveUpAt = performance.now() + 5_000
  for (;;) {
    const socket = connect({ host, port })
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
    } finally {
      socket.destroy()
    }
    await setTimeout(10)
  }
}
