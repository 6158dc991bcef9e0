import { core, fastify, type Protocol, type Subject } from '@lastcall/conformance'
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

async function run(subject: Subject, protocol: Protocol, given: Schedule): Promise<void> {
  const { lameDuck, lastCall, stalls } = given
  const wanted = { graceMs: stalls ? 3_000 : 8_000, options: { lameDuck, lastCall } }
  const app = await startApp(subject, { protocol }, wanted)
  try {
    const played = await play(app, given)
    const { code, signal } = await app.ended()
    const printed = app.output().split('\n')
    const handled = (id: string): boolean => printed.includes(`handling POST /upload?id=${id}`)
    expect('broken', judge(given, played, handled), [])
    const codes = exitCodes(given, played)
    if (signal || !codes.includes(code ?? -1)) expect('exit', signal ?? code, codes)
  } finally {
    app.stop()
  }
}

for (const [lane, [subject, protocol]] of lanes.entries())
  t.test(`whatever clients do, and when: ${subject.name} over ${protocol}, lane ${lane}`, async (test) => {
    const property = fc.asyncProperty(schedule, (given) => run(subject, protocol, given))
    await fc.assert(property, { numRuns: Math.ceil(runs / lanes.length), seed: seed * 1_000 + lane })
    test.pass()
  })
