import { ask, startProgram, type Answer, type Ended } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { fixture } from './fixture.js'

t.jobs = 3

const order = [
  'held',
  'response, the pool is open',
  'preClose, the pool is open',
  'preClose of a child, the pool is open',
  'onClose, added last, the pool is open',
  'onClose of a child, the pool is open',
  'onClose, added first, the pool is open',
  'cache, the pool is open',
  'pool, the pool is closed',
]

for (const FASTIFY of ['fastify', 'fastify-4']) {
  t.test(`${FASTIFY}: hooks run when all is answered, resources close after the hooks`, async (t) => {
    const { answer, ended } = await stopWhileHeld(t, { FASTIFY })
    t.match(answer, { status: 200, body: '{"pool":"open"}' })
    t.equal(ended.code, 0)
    t.strictSame(steps(ended), order)
    t.equal(ended.report?.verdict, 'clean')
  })

  t.test(`${FASTIFY}: the same when everything is registered in a child plugin`, async (t) => {
    const { answer, ended } = await stopWhileHeld(t, { FASTIFY, CHILD: '1' })
    t.match(answer, { status: 200, body: '{"pool":"open"}' })
    t.equal(ended.code, 0)
    t.strictSame(steps(ended), order)
  })

  t.test(`${FASTIFY}: a hook that throws is reported, and nothing else is left out`, async (t) => {
    const { answer, ended } = await stopWhileHeld(t, { FASTIFY, FAULT: 'throws' })
    t.equal(answer.status, 200)
    t.equal(ended.code, 1)
    t.strictSame(steps(ended), order)
    t.match(ended.report, {
      verdict: 'failed',
      participants: { items: [{ name: 'fastify', error: 'the hook failed', cut: false }] },
    })
    t.match(
      ended.log.find(({ level }) => level === 50),
      { msg: "participant 'fastify' failed in onRelease", err: { message: 'the hook failed' } },
    )
  })

  t.test(`${FASTIFY}: a hook that hangs is given up, and the resources close all the same`, async (t) => {
    const { answer, ended } = await stopWhileHeld(t, { FASTIFY, FAULT: 'hangs' })
    t.equal(answer.status, 200)
    t.equal(ended.code, 1)
    t.strictSame(steps(ended).slice(-2), order.slice(-2))
    t.match(ended.report, {
      verdict: 'forced',
      participants: {
        items: [{ name: 'fastify', error: /^Releasing 'fastify' did not finish within \d+ ms$/, cut: true }],
      },
    })
  })
}

t.test('an app that is still starting finishes that first, and exits 0', async (t) => {
  const program = startProgram(t, [fixture('starting')])
  await program.line('plugin begins')
  program.signal('SIGTERM')
  const { code, lines } = await program.ended
  t.equal(code, 0)
  t.strictSame(lines.slice(0, 4), ['plugin begins', 'plugin ends', 'onClose', 'pool'])
})

t.test('an uncaught error lets the request in flight finish, runs the hooks and exits 1', async (t) => {
  const program = startProgram(t, [fixture('crash')])
  const port = await program.port()
  const held = ask({ port }, '/held')
  await program.line('held')
  program.signal('SIGUSR2')
  t.equal((await held).body, 'finished')
  const { code, lines, report } = await program.ended
  t.equal(code, 1)
  t.strictSame(lines, ['held', 'onClose', 'pool'])
  t.match(report, { reason: 'uncaughtException', crashes: 1, cut: { count: 0 } })
})

/** Fastify 4 calls a preClose hook once for the context it was added to, and once more for each child. */
const steps = ({ lines }: Ended): string[] => [...new Set(lines)]

async function stopWhileHeld(
  t: Test,
  env: Readonly<Record<string, string>>,
): Promise<{ answer: Answer; ended: Ended }> {
  const program = startProgram(t, [fixture('order-of-closing')], { env })
  const held = ask({ port: await program.port() }, '/held')
  await program.line('held')
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  program.signal('SIGUSR2')
  return { answer: await held, ended: await program.ended }
}
