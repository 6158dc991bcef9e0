import { networkInterfaces } from 'node:os'
import {
  ask,
  clientCount,
  losesSomething,
  startProgram,
  startTraffic,
  stopUnderTraffic,
  type Program,
} from '@lastcall/testing'
import t, { type Test } from 'tap'
import { fixture } from './fixture.js'

t.jobs = 2

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)
/** The second address that 'localhost' has here. */
const host = hasIpv6 ? '::1' : '127.0.0.2'

async function start(t: Test, env: Readonly<Record<string, string>>): Promise<[Program, number]> {
  const program = startProgram(t, [fixture('localhost')], { env: { SECOND: host, ...env } })
  await program.line('both listen')
  return [program, await program.port()]
}

t.test('a request in flight on the second server finishes before resources close', async (t) => {
  const [program, port] = await start(t, {})
  const held = ask({ port, host }, '/held')
  await program.line('held')
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  program.signal('SIGUSR2')
  t.match(await held, { status: 200, body: '{"database":"open"}' })
  const { code, lines } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines, ['both listen', 'held', 'database closed'])
})

t.test('control: app.close() closes the database under it', async (t) => {
  const [program, port] = await start(t, { CONTROL: '1' })
  const held = ask({ port, host }, '/held')
  await program.line('held')
  program.signal('SIGTERM')
  await program.line('database closed')
  program.signal('SIGUSR2')
  t.match(await held, { status: 200, body: '{"database":"closed"}' })
})

t.test('nothing is lost by clients of the second server alone', async (t) => {
  const OPTIONS = JSON.stringify({
    gracePeriodMs: 20_000,
    lameDuck: { minMs: 500, maxMs: 1_000 },
    lastCall: { maxMs: 6_000, idleMs: 3_000 },
  })
  const [program, port] = await start(t, { OPTIONS })
  const traffic = await startTraffic({ port, host }, '/orders')
  program.signal('SIGTERM')
  const { lost, refused } = await traffic.end
  t.strictSame(lost, [])
  t.equal(refused, clientCount)
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean', refused: 0 })
})

t.test('control: with app.close() they lose requests', async (t) => {
  await losesSomething(t, async () => {
    const [program, port] = await start(t, { CONTROL: '1' })
    return (await stopUnderTraffic(program, { port, host })).lost
  })
})

t.test('the second server answers probes, and closes with the first', async (t) => {
  const [program, port] = await start(t, {})
  t.equal((await ask({ port }, '/readyz')).status, 200)
  t.equal((await ask({ port, host }, '/readyz')).status, 200)
  program.signal('SIGTERM')
  t.equal((await program.ended).code, 0)
})
