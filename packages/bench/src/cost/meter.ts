// Loaded before an app (`node --import`): tells the parent process what the app uses. It does nothing until it is asked.
import { createHistogram } from 'node:perf_hooks'
import type { LoopUse, Memory, Question } from './metered-app.js'

const everyMs = 1

function answer(question: Question): unknown {
  switch (question) {
    case 'processor':
      return sumProcessor()
    case 'memory':
      return measureMemory()
    case 'loop':
      return watchLoop()
    default:
      return question satisfies never
  }
}

/** Of all threads, in µs. */
function sumProcessor(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function measureMemory(): Memory {
  // what the first one makes unreachable is there until the second
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, resident: rss }
}

/**
 * From now on to the exit, when it is told. `monitorEventLoopUse` would not do: it counts a delay when it is over, so one
 * that ends with the process is never seen.
 */
function watchLoop(): true {
  const processorBefore = sumProcessor()
  const lateness = createHistogram()
  let last = performance.now()
  const note = (): void => {
    const now = performance.now()
    // a histogram has no zero
    lateness.record(Math.max(1, Math.round((now - last - everyMs) * 1e3)))
    last = now
  }
  setInterval(note, everyMs).unref()
  process.once('exit', () => {
    note()
    const processorMs = (sumProcessor() - processorBefore) / 1e3
    tell({
      maxMs: lateness.max / 1e3,
      p99Ms: lateness.percentile(99) / 1e3,
      processorMs,
    } satisfies LoopUse)
  })
  return true
}

function tell(message: unknown): void {
  if (process.connected) process.send?.(message)
}

// whoever started it has gone
process.once('disconnect', () => process.exit())
process.on('message', (question: Question) => tell(answer(question)))
// to be asked is no reason to stay
process.channel?.unref()
