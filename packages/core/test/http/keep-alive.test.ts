import { losesSomething } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startApp, type App, type AppSettings } from './app.js'
import { startCrowd, type Crowd } from './crowd.js'

/** A hundred busy clients and a hundred slow ones, straight at the app; the next instance is there already. */
async function crowded(t: Test, settings: AppSettings): Promise<{ app: App; busy: Crowd; slow: Crowd }> {
  const [app, next] = [await startApp(t, settings), await startApp(t, settings)]
  const ports = [app.port, next.port]
  const slow = startCrowd({ ports, clients: 100, thinkMs: [1_000, 4_000], seed: 1 })
  await slow.answeredEach(2, 'first')
  const busy = startCrowd({ ports, clients: 100, thinkMs: [0, 20], seed: 2 })
  await busy.answeredEach(10, 'first')
  t.teardown(() => Promise.all([busy.stop(), slow.stop()]))
  return { app, busy, slow }
}

t.test('busy and slow keep-alive clients lose nothing when the app stops', async (t) => {
  const { app, busy, slow } = await crowded(t, { options: { gracePeriodMs: 30_000, lameDuck: false } })
  app.signal('SIGTERM')
  const { code } = await app.ended
  await Promise.all([busy.answeredEach(1, 'next'), slow.answeredEach(1, 'next')])
  const tallies = [await busy.stop(), await slow.stop()] as const
  for (const tally of tallies) {
    t.match(tally, { lost: [], unavailable: 0, refused: 100 })
    t.comment(`${tally.answered} answered, told by each server: ${tally.told.join(', ')}`)
  }
  const [toldBusy = 0, toldSlow = 0] = tallies.map(({ told }) => told[0])
  // on a machine so busy that a client was silent for a second its connection was idle
  t.ok(toldBusy >= 80 && toldBusy <= 100, `${toldBusy} of 100 busy clients were told, none of them twice`)
  const { connections, refused, verdict } = await app.report()
  const { told, idle, ended } = connections
  t.equal(told, toldBusy + toldSlow)
  t.equal(told + idle + ended, 200)
  t.match(connections, { left: 0, gaveUpAccepting: false })
  t.match({ refused, verdict, code }, { refused: 0, verdict: 'clean', code: 0 })
})

t.test('control: with server.close() they do', async (t) => {
  await losesSomething(t, async () => {
    const { app, busy, slow } = await crowded(t, { plain: 'close' })
    app.signal('SIGTERM')
    await app.line('closing')
    await busy.answeredEach(1, 'next')
    return [...(await busy.stop()).lost, ...(await slow.stop()).lost]
  })
})
