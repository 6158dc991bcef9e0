// Runs one stack in a process of its own, so that the clients of many stacks do not share one event loop.
import { runStack } from './run-stack.js'
import type { Stack } from './stack.js'

const stack = JSON.parse(process.argv[2] ?? '') as Stack
const stopping = new AbortController()
// Whoever started it has gone, or does not want it any more: what it started must not be left behind.
for (const event of ['disconnect', 'SIGTERM', 'SIGINT'] as const) {
  process.on(event, () => stopping.abort(new Error(`interrupted: ${event}`)))
}
const tell = (message: unknown): void => {
  if (process.connected) process.send?.(message)
}

try {
  await runStack(stack, {
    signal: stopping.signal,
    onStart: () => tell({ started: true }),
    onRestart: (restart) => tell({ restart }),
  })
} catch (error) {
  console.error(`${stack.title}:`, error)
  // what was interrupted halfway may still wait for a backend that will never be ready
  process.exit(1)
}
if (process.connected) process.disconnect()
