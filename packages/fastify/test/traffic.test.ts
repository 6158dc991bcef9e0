import {
  ask,
  clientCount,
  losesNothing,
  losesSomething,
  startProgram,
  startTraffic,
  stopUnderTraffic,
  underTraffic,
} from '@lastcall/testing'
import t from 'tap'
import { fixture } from './fixture.js'

t.jobs = 2

const OPTIONS = JSON.stringify(underTraffic)

const services = [
  { title: 'with the default options', env: {}, secure: false },
  { title: 'https', env: { HTTPS: '1', OPTIONS }, secure: true },
  { title: 'Fastify 4', env: { FASTIFY: 'fastify-4', OPTIONS }, secure: false },
  { title: '@fastify/under-pressure', env: { PRESSURE: '1', OPTIONS }, secure: false },
]

for (const { title, env, secure } of services) {
  t.test(`${title}: SIGTERM loses nothing`, async (t) => {
    const program = startProgram(t, [fixture('orders')], { env })
    const address = { port: await program.port(), secure }
    t.equal((await ask(address, '/readyz')).status, 200)
    await losesNothing(t, program, address)
  })

  t.test(`${title}: control: app.close() on SIGTERM loses requests`, async (t) => {
    await losesSomething(t, async () => {
      const program = startProgram(t, [fixture('orders')], { env: { ...env, CLOSE: 'alone' } })
      return (await stopUnderTraffic(program, { port: await program.port(), secure })).lost
    })
  })
}

for (const CLOSE of ['before', 'after']) {
  t.test(`an app.close() of the app's own on SIGTERM, listening ${CLOSE} us, joins`, async (t) => {
    const env = { CLOSE, OPTIONS }
    const program = startProgram(t, [fixture('orders')], { env })
    const address = { port: await program.port() }
    await ask(address, '/readyz')
    const { lost, refused } = await stopUnderTraffic(program, address)
    t.strictSame(lost, [])
    t.equal(refused, clientCount)
    const { code, report } = await program.ended
    t.equal(code, 0)
    t.match(report, { verdict: 'clean', refused: 0 })
    t.ok(lameDuckMs(report) >= 500, `lame duck took ${lameDuckMs(report)} ms`)
  })
}

t.test('an app.close() in the middle of the lame duck shortens nothing', async (t) => {
  const env = { OPTIONS }
  const program = startProgram(t, [fixture('orders')], { env })
  const address = { port: await program.port() }
  await ask(address, '/readyz')
  const traffic = await startTraffic(address, '/orders')
  // asked for before the signal, so that it comes in time
  const closing = ask(address, '/close-at-lame-duck')
  await program.line('close-at-lame-duck')
  program.signal('SIGTERM')
  t.equal((await closing).body, 'closing')
  t.strictSame((await traffic.end).lost, [])
  const { code, report } = await program.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean', refused: 0 })
  t.ok(lameDuckMs(report) >= 500, `lame duck took ${lameDuckMs(report)} ms`)
})

t.test('a second SIGTERM changes nothing', async (t) => {
  const env = { OPTIONS }
  const program = startProgram(t, [fixture('orders')], { env })
  const address = { port: await program.port() }
  await ask(address, '/readyz')
  const traffic = await startTraffic(address, '/orders')
  program.signal('SIGTERM')
  await program.line('"phase":"last-call"')
  program.signal('SIGTERM')
  t.strictSame((await traffic.end).lost, [])
  t.equal((await program.ended).code, 0)
})

t.test('readiness is 503 from the signal on, and everything else is served', async (t) => {
  // as long as requests come
  const quiet = { gracePeriodMs: 60_000, lameDuck: { minMs: 0, quietMs: 1_500, maxMs: 15_000 } }
  const program = startProgram(t, [fixture('orders')], { env: { OPTIONS: JSON.stringify(quiet) } })
  const address = { port: await program.port() }
  t.equal((await ask(address, '/readyz')).status, 200)
  program.signal('SIGTERM')
  await program.line('"phase":"lame-duck"')
  t.equal((await ask(address, '/readyz')).status, 503)
  t.equal((await ask(address, '/orders')).status, 200)
  t.equal((await ask(address, '/livez')).status, 200)
  t.equal((await ask(address, '/orders', 'POST')).status, 200)
  t.equal((await program.ended).code, 0)
})

const lameDuckMs = (report: { phases: readonly { phase: string; tookMs: number }[] } | undefined): number =>
  report?.phases.find(({ phase }) => phase === 'lame-duck')?.tookMs ?? 0
