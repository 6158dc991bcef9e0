import {
  ask,
  losesNothing,
  losesSomething,
  startProgram,
  stopUnderTraffic,
  underTraffic,
} from '@lastcall/testing'
import t from 'tap'
import { fixture } from './fixture.js'

t.jobs = 2

const OPTIONS = JSON.stringify(underTraffic)

const services = [
  { title: 'with the default options', env: {} },
  { title: 'Express 4', env: { EXPRESS: 'express4', OPTIONS } },
  { title: 'https', env: { HTTPS: '1', OPTIONS } },
  { title: 'in a router', env: { MOUNT: 'router', OPTIONS } },
  { title: 'in a mounted app', env: { MOUNT: 'sub-app', OPTIONS } },
  { title: 'in a mounted app of Express 4', env: { MOUNT: 'sub-app', EXPRESS: 'express4', OPTIONS } },
  { title: 'in an app that nobody sees', env: { MOUNT: 'hidden', OPTIONS } },
  { title: 'mounted last', env: { MOUNT: 'late', OPTIONS } },
  { title: 'mounted twice', env: { MOUNT: 'twice', OPTIONS } },
  { title: 'compression and express-session', env: { WITH: 'compression,session', OPTIONS } },
]

for (const { title, env } of services) {
  t.test(`${title}: SIGTERM loses nothing`, async (t) => {
    const program = startProgram(t, [fixture('orders')], { env })
    const address = { port: await program.port(), secure: 'HTTPS' in env }
    t.equal((await ask(address, '/readyz')).status, 200)
    await losesNothing(t, program, address)
  })
}

for (const env of [{ CONTROL: '1' }, { CONTROL: '1', EXPRESS: 'express4' }, { CONTROL: '1', HTTPS: '1' }]) {
  t.test(`control: server.close() on SIGTERM loses requests, ${JSON.stringify(env)}`, async (t) => {
    await losesSomething(t, async () => {
      const program = startProgram(t, [fixture('orders')], { env })
      const address = { port: await program.port(), secure: 'HTTPS' in env }
      return (await stopUnderTraffic(program, address)).lost
    })
  })
}

t.test('mounted twice: one warning, and every request is counted once', async (t) => {
  const program = startProgram(t, [fixture('orders')], { env: { MOUNT: 'twice', OPTIONS } })
  const held = ask({ port: await program.port() }, '/held')
  await program.line('held')
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  program.signal('SIGUSR2')
  t.match(await held, { status: 200, body: '{"open":true}' })
  const { code, log } = await program.ended
  t.equal(code, 0)
  t.strictSame(
    log.filter(({ level }) => level === 'warn').map(({ msg }) => msg),
    ['this server is drained already: nothing is done twice, one of the two can be left out'],
  )
  t.strictSame(
    log
      .filter(({ msg }) => msg === 'lame-duck')
      .map(({ inFlight }) => Number(inFlight))
      .sort((a, b) => a - b),
    [0, 1],
  )
})
