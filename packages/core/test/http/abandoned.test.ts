import type { ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { inHand, serve } from './serve.js'

t.jobs = 2

/** Draining, with a handler at work whose client has left. */
async function abandoned(t: Test, { gracePeriodMs = 30_000, leaves = 'in draining' } = {}) {
  const { handler, next } = inHand()
  const served = await serve(t, handler, { options: { gracePeriodMs } })
  const released: string[] = []
  served.shutdown.register('pool', () => void released.push('pool'))
  const client = await served.connect()
  client.send('/transfer', { body: '100' })
  const { req, res } = await next()
  const leave = async (): Promise<void> => {
    client.socket.resetAndDestroy()
    await new Promise((resolve) => req.socket.once('close', resolve))
  }
  if (leaves === 'before') await leave()
  const report = served.close()
  await served.phase('draining')
  if (leaves !== 'before') await leave()
  // time enough to go on to releasing
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  return { served, res, report, released }
}

const answers: Record<string, (res: ServerResponse) => unknown> = {
  'end(text)': (res) => res.end('transferred'),
  'end()': (res) => res.end(),
  'writeHead and end': (res) => res.writeHead(204).end(),
  write: (res) => res.writeHead(200).write('transferred'),
}

for (const [how, answer] of Object.entries(answers)) {
  t.test(`a handler whose client has left is waited for, until its ${how}`, async (t) => {
    const { served, res, report, released } = await abandoned(t)
    t.equal(served.shutdown.phase, 'draining')
    t.strictSame(released, [])
    answer(res)
    t.match(await report, { verdict: 'clean', cut: { count: 0 } })
    t.strictSame(released, ['pool'])
  })
}

t.test('it makes no difference whether the client left before the shutdown', async (t) => {
  const { served, res, report } = await abandoned(t, { leaves: 'before' })
  t.equal(served.shutdown.phase, 'draining')
  res.end()
  t.match(await report, { verdict: 'clean' })
})

t.test('a handler that still works at the deadline is named', async (t) => {
  const { report } = await abandoned(t, { gracePeriodMs: 1_000 })
  t.match(await report, {
    verdict: 'forced',
    cut: { count: 1, items: [{ method: 'POST', path: '/transfer', answered: false }] },
  })
})

t.test('one that never answers since nobody listens is given up long before a late deadline', async (t) => {
  const { report } = await abandoned(t, { gracePeriodMs: 300_000 })
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

t.test('a handler that closes its connection itself has finished', async (t) => {
  const { handler, next } = inHand()
  const served = await serve(t, handler, { options: { gracePeriodMs: 300_000 } })
  const client = await served.connect()
  client.send('/')
  const { res } = await next()
  const report = served.close()
  await served.phase('draining')
  const since = performance.now()
  res.destroy()
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
  t.ok(performance.now() - since < 5_000)
})
