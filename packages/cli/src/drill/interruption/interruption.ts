import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl-C, SIGTERM, or a closed terminal: the drill was not carried out, and nobody is to blame. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/** Hands `work` a signal that fires when this process is told to end, so that nothing it started is left behind. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController()
  const interrupt = (signal: NodeJS.Signals): void => interruption.abort(new Interrupted(signal))
  for (const name of signals) process.on(name, interrupt)
  try {
    return await work(interruption.signal)
  } finally {
    for (const name of signals) process.off(name, interrupt)
  }
}
