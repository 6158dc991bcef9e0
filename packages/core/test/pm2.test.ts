import { fileURLToPath } from 'node:url'
import { losesSomething, type LoggedReport } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startCrowd, type Tally } from './http/crowd.js'
import { startPm2, type Pm2 } from './pm2-daemon.js'
import { fixture } from './run-fixture.js'

t.jobs = 3

const example = (file: string): string =>
  fileURLToPath(new URL(`../../../examples/pm2/${file}`, import.meta.url))
/** The same without the file, for what differs. */
const byHand = ['start', example('server.js'), '--name', 'shop', '-i', '2', '--wait-ready']

const reports = (pm2: Pm2): LoggedReport[] => pm2.log().flatMap(({ report }) => (report ? [report] : []))

/** Reloads two processes under traffic. */
async function reload(t: Test, start: readonly string[], env = {}): Promise<{ pm2: Pm2; tally: Tally }> {
  const pm2 = await startPm2(t, { PORT: '0', ...env })
  await pm2.do(...start)
  const port = Number(/listening on (\d+)/.exec(pm2.stdout())?.[1])
  const crowd = startCrowd({ ports: [port], clients: 20, thinkMs: [0, 20], seed: 1 })
  await crowd.answeredEach(10, 'first')
  await pm2.do('reload', 'shop')
  return { pm2, tally: await crowd.stop() }
}

t.test('examples/pm2: a reload loses nothing', async (t) => {
  const { pm2, tally } = await reload(t, ['start', example('ecosystem.config.cjs')])
  t.strictSame(tally.lost, [])
  t.match(tally, { unavailable: 0, refused: 0 })
  const clean = { reason: 'SIGINT', verdict: 'clean', budget: { graceMs: 10_000 } }
  t.match(reports(pm2), [clean, clean])
  t.strictSame(
    pm2.log().filter(({ level }) => level !== 'info'),
    [],
  )
})

t.test('control: server.close() on SIGINT loses requests', async (t) => {
  await losesSomething(t, async () => {
    const { tally } = await reload(t, [...byHand, '--kill-timeout', '3000'], { CONTROL: '1' })
    return tally.lost
  })
})

t.test('an uncaught error lets work in flight finish, although PM2 listens, too', async (t) => {
  const pm2 = await startPm2(t, {})
  await pm2.do('start', fixture('crash'), '-i', '1', '--no-autorestart', '--', 'exception')
  await pm2.until(() => reports(pm2).length > 0)
  t.match(pm2.stdout(), /job finished/)
  t.match(reports(pm2), [{ reason: 'uncaughtException', verdict: 'failed', exitCode: 1 }])
})

t.test(`a stop by message is a shutdown, too, and within PM2's default time`, async (t) => {
  const pm2 = await startPm2(t, { PORT: '0' })
  await pm2.do(...byHand, '--shutdown-with-message')
  await pm2.do('stop', 'shop')
  const clean = { reason: 'shutdown', verdict: 'clean', budget: { graceMs: 1_600 } }
  t.match(reports(pm2), [clean, clean])
})
