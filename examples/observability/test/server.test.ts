import { fileURLToPath } from 'node:url'
import { ask, messages, startProgram } from '@lastcall/testing'
import t from 'tap'
import { startReceiver } from './receiver.js'
import { spanNames } from './span-names.js'

const file = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

t.test('the last log lines, spans and metrics of the example arrive', async (t) => {
  const collector = await startReceiver(t)
  const gateway = await startReceiver(t)
  const program = startProgram(t, ['--import', file('telemetry.js'), file('server.js')], {
    env: {
      PORT: '0',
      METRICS_PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      PUSHGATEWAY_URL: gateway.url,
    },
  })
  const address = { port: await program.port() }
  t.equal((await ask(address, '/readyz')).status, 200)
  const slow = ask(address, '/?ms=4000')
  // sent after the slow one
  t.equal((await ask(address, '/')).status, 200)
  program.signal('SIGTERM')
  await program.line('"phase":"draining"')
  t.match(await slow, { status: 200, body: 'one espresso\n' })
  const ended = await program.ended
  t.equal(ended.code, 0)
  const said = messages(ended)
  t.equal(said.filter((message) => message === 'answered').length, 2)
  t.ok(said.includes('the shop is closed'))
  // that of the default instance is another one
  t.match(ended.reports, [{ verdict: 'clean' }, { verdict: 'clean' }])
  t.strictSame(collector.received.flatMap(spanNames), ['GET /', 'GET /'])
  t.match(gateway.received.at(-1)?.body, 'lastcall_shutdowns_total{verdict="clean"} 1')
})
