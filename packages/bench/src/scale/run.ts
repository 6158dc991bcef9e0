import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { smallestPath, startMeteredApp } from '../cost/metered-app.js'
import type { LoopUse } from '../cost/metered-app.js'
import { findReport } from '../report-line.js'
import type { CrowdOrder } from './crowd-process.js'
import { monotonicNow } from './idle-crowd.js'

/** One shutdown with everybody connected and nobody asking. Times in ms from the signal. */
export interface Drain {
  /** When each connection was closed. */
  readonly closes: readonly number[]
  readonly exitMs: number
  readonly exitCode: number | null
  readonly loop: LoopUse | undefined
  /** How long Last Call closes in: half of its last call. Undefined for all others. */
  readonly spreadMs: number | undefined
}

/** How long everybody has been silent when the signal comes: longer than Last Call waits for one who may be busy. */
const silentMs = 3_000

export async function drainOnce(app: string, connections: number, graceMs: number): Promise<Drain> {
  const running = await startMeteredApp(app, { env: { LASTCALL_GRACE_PERIOD_MS: String(graceMs) } })
  const order: CrowdOrder = { target: running.target, path: smallestPath, size: connections }
  const crowd = fork(fileURLToPath(new URL('./crowd-process.js', import.meta.url)), [JSON.stringify(order)])
  const gone = once(crowd, 'exit').then(() => Promise.reject(new Error('the clients have ended')))
  gone.catch(() => {
    // at the end of a run nobody waits for them
  })
  try {
    await Promise.race([once(crowd, 'message'), gone])
    await setTimeout(silentMs)
    const closed = once(crowd, 'message') as Promise<[readonly number[]]>
    const startedAt = monotonicNow()
    const ending = await running.stop()
    const [times] = await Promise.race([closed, gone])
    const lastCall = findReport(running.output())?.budget.lastCall
    return {
      closes: times.map((time) => time - startedAt),
      exitMs: ending.ms,
      exitCode: ending.exitCode,
      loop: ending.loop,
      spreadMs: lastCall && lastCall.maxMs / 2,
    }
  } finally {
    crowd.kill('SIGKILL')
    await running.dispose()
  }
}
