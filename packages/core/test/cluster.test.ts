import t from 'tap'
import { startFixture } from './run-fixture.js'

t.jobs = 2

for (const args of [['{}'], ['{}', 'listens']]) {
  t.test(`a worker of node:cluster is not kept alive by its channel (${args.join(', ')})`, async (t) => {
    const { code, log, lines, reports } = await startFixture(t, 'cluster-worker', { args }).ended
    t.equal(code, 0)
    t.equal(lines.at(-1), 'the worker ended with 0')
    t.match(reports, [{ verdict: 'clean' }])
    t.strictSame(reports[0]?.keptAlive, {})
    t.notOk(log.some(({ level }) => level === 'warn'))
  })
}

t.test('control: where the app ends the process, it is the channel that keeps it', async (t) => {
  const { reports } = await startFixture(t, 'cluster-worker', { args: ['{"exit":false}'] }).ended
  t.match(reports, [{ keptAlive: { PipeWrap: 1 } }])
})
