import type { Test } from 'tap'
import type { Program } from './start-program.js'
import type { Address } from './strict-client.js'
import { clientCount, stopUnderTraffic } from './traffic.js'

/** A lame duck that does not take long, and a last call that a client on a busy machine is not too late for. */
export const underTraffic = {
  gracePeriodMs: 20_000,
  lameDuck: { minMs: 500, maxMs: 1_000 },
  lastCall: { maxMs: 6_000, idleMs: 3_000 },
} as const

/** A program that answers '/orders' shuts down on SIGTERM under traffic, phase after phase, and nobody loses anything. */
export async function losesNothing(t: Test, program: Program, address: Address): Promise<void> {
  const { answered, refused, lost } = await stopUnderTraffic(program, address)
  const { code, report } = await program.ended
  t.strictSame(lost, [])
  t.equal(refused, clientCount)
  t.ok(answered > 0, `${answered} requests`)
  t.equal(code, 0)
  t.match(report, { reason: 'SIGTERM', verdict: 'clean', refused: 0, cut: { count: 0 } })
  t.strictSame(
    report?.phases.map(({ phase, skipped }) => ({ phase, skipped })),
    ['lame-duck', 'last-call', 'draining', 'releasing'].map((phase) => ({ phase, skipped: false })),
  )
}
