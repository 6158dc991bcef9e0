import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Restart, Stack } from './stack.js'

export interface RunStacksOptions {
  /** How many run at the same time. */
  readonly concurrency: number
  readonly onRestart: (stack: Stack, restart: Restart) => void
}

/** Runs each stack in a process of its own. Rejects when one could not be run. */
export async function runStacks(
  stacks: readonly Stack[],
  { concurrency, onRestart }: RunStacksOptions,
): Promise<void> {
  const waiting = [...stacks]
  // started one after the other: many that start at once are slow, and pick each other's ports
  let starting: Promise<void> = Promise.resolve()
  const work = async (): Promise<void> => {
    for (let stack = waiting.shift(); stack; stack = waiting.shift()) {
      const next = stack
      const running = starting.then(() => runStackProcess(next, (restart) => onRestart(next, restart)))
      starting = running.then(({ started }) => started)
      await running.then(({ ended }) => ended)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}

interface StackProcess {
  /** Settles when it restarts things, or has ended. */
  readonly started: Promise<void>
  readonly ended: Promise<void>
}

/** In an object, since a promise in a promise would be awaited. */
function runStackProcess(stack: Stack, onRestart: (restart: Restart) => void): StackProcess {
  const program = fileURLToPath(new URL('./stack-process.js', import.meta.url))
  const child = fork(program, [JSON.stringify(stack)])
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`${stack.title} could not be run`)
  })
  const started = new Promise<void>((resolve) => {
    child.on('message', (message: { started?: true; restart?: Restart }) => {
      if (message.started) resolve()
      if (message.restart) onRestart(message.restart)
    })
    child.on('exit', () => resolve())
  })
  return { started, ended }
}
