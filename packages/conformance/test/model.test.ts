import { core, fastify, type ControlKind, type Protocol, type Subject } from '@lastcall/conformance'
import * as fc from 'fast-check'
import t from 'tap'
import { startApp } from '#src/app.js'
import { expect } from '#src/expect.js'
import { exitCodes, judge } from './model.js'
import { play } from './player.js'
import { schedule, type Schedule } from './schedule.js'

const runs = Number(process.env['CONFORMANCE_RUNS'] ?? 32)
const seed = Number(process.env['CONFORMANCE_SEED'] ?? 1)

const lanes: readonly (readonly [Subject, Protocol])[] = [
  [core, 'http'],
  [core, 'https'],
  [core, 'http'],
  [fastify, 'http'],
]
t.jobs = lanes.length

async function run(
  { subject, protocol, control }: { subject: Subject; protocol: Protocol; control?: ControlKind },
  given: Schedule,
): Promise<void> {
  const { lameDuck, lastCall, stalls } = given
  const graceMs = control ? 1_000 : stalls ? 3_000 : 8_000
  const app = await startApp(subject, { protocol, control }, { graceMs, options: { lameDuck, lastCall } })
  try {
    const played = await play(app, given)
    const end = await app.ended().catch((error: Error) => error)
    const printed = app.output().split('\n')
    const handled = (id: string): boolean => printed.includes(`handling POST /upload?id=${id}`)
    expect('broken', judge(given, played, handled), [])
    if (end instanceof Error) throw end
    const { code, signal } = end
    const codes = exitCodes(given, played)
    if (signal || !codes.includes(code ?? -1)) expect('exit', signal ?? code, codes)
  } finally {
    app.stop()
  }
}

for (const [lane, [subject, protocol]] of lanes.entries())
  t.test(`whatever clients do, and when: ${subject.name} over ${protocol}, lane ${lane}`, async (test) => {
    const property = fc.asyncProperty(schedule, (given) => run({ subject, protocol }, given))
    await fc.assert(property, {
      numRuns: Math.ceil(runs / lanes.length),
      seed: seed * 1_000 + lane,
      // a counter-example that is not the smallest is better than none
      interruptAfterTimeLimit: Math.max(200_000, runs * 1_000),
      markInterruptAsFailure: true,
    })
    test.pass()
  })

t.test('control: a plain close breaks what the model promises', async (test) => {
  const property = fc.asyncProperty(schedule, (given) =>
    run({ subject: core, protocol: 'http', control: 'close' }, given).catch((error: Error) => {
      // that it ends in time is another promise
      if (error.message.startsWith('broken')) throw error
    }),
  )
  const { failed, errorInstance } = await fc.check(property, { numRuns: 20, seed, endOnFailure: true })
  test.ok(failed)
  test.match((errorInstance as Error).message, /^broken: .*(no answer|no connection)/s)
})
