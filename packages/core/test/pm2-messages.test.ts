import { once } from 'node:events'
import type { Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startFixture, type FixtureOptions } from './run-fixture.js'

t.jobs = 2

const start = (t: Test, given: FixtureOptions = {}): Program =>
  startFixture(t, 'pm2', { ipc: true, env: { pm_id: '0' }, ...given })

t.test(`PM2's message begins a shutdown of the process, like a signal`, async (t) => {
  const { child, line, ended } = start(t)
  await line('ready')
  child.send('reload the logs')
  child.send('shutdown')
  child.send('shutdown')
  const { code, reports } = await ended
  t.equal(code, 0)
  t.match(reports, [{ reason: 'shutdown', verdict: 'clean' }])
})

t.test('PM2 is told when the process is ready', async (t) => {
  const { child } = start(t)
  t.strictSame(await once(child, 'message'), ['ready', undefined])
})

t.test('control: elsewhere a message is nothing but a message, and nobody is told', async (t) => {
  for (const given of [{ env: {} }, { args: ['listens', '{"signals":false}'] }]) {
    const { child, line, ended } = start(t, { args: ['listens'], ...given })
    const heard: unknown[] = []
    child.on('message', (message) => heard.push(message))
    await line('ready')
    child.send('shutdown')
    await line('the app heard "shutdown"')
    child.send('enough')
    const { code, reports } = await ended
    t.equal(code, 0)
    t.strictSame(reports, [])
    if (!('args' in given)) t.strictSame(heard, [])
  }
})

t.test('a process that has nothing left to do ends, although its channel is listened to', async (t) => {
  const { code, reports } = await start(t, { args: ['ends'] }).ended
  t.equal(code, 0)
  t.strictSame(reports, [])
})

for (const how of ['listens', 'closes']) {
  t.test(`an app that ${how} is kept alive by its own listener, as long as it has one`, async (t) => {
    const { child, line, ended } = start(t, { args: [how] })
    await line('the app listens')
    for (const message of ['one', 'two', 'enough']) {
      child.send(message)
      await line(`the app heard "${message}"`)
    }
    t.equal((await ended).code, 0)
  })
}
