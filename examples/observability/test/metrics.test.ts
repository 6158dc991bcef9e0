import { fileURLToPath } from 'node:url'
import { ask, startProgram, type Program } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { fixture } from './leave.js'
import { startReceiver, type Receiver } from './receiver.js'

t.jobs = 2

const metrics = fileURLToPath(new URL('../metrics.js', import.meta.url))

interface App {
  readonly program: Program
  readonly address: { readonly port: number }
  /** Requests that are answered when the program is told so; settles with how many were. */
  readonly answered: Promise<number>
}

/** An app with metrics and three requests in flight. */
async function startApp(t: Test, env: Readonly<Record<string, string>> = {}): Promise<App> {
  const program = startProgram(t, ['--import', metrics, fixture('holds-requests')], {
    env: { METRICS_PORT: '0', ...env },
  })
  const address = { port: await program.port() }
  const held = Promise.allSettled([1, 2, 3].map(() => ask(address, '/held')))
  const answered = held.then(
    (answers) =>
      answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 200).length,
  )
  await program.line('held 3')
  return { program, address, answered }
}

/** What was pushed last, without what the histogram is made of. */
const samples = (body: string | undefined): string[] =>
  (body ?? '').split('\n').filter((line) => line.startsWith('lastcall_') && !/_bucket|_sum/.test(line))

const began = /^lastcall_shutdown_began_timestamp_seconds \d{10}/m

t.test('metrics can be scraped until everything is released', async (t) => {
  const { program, address, answered } = await startApp(t)
  const scrape = { port: await program.port('metrics') }
  program.signal('SIGTERM')
  await program.line('draining')
  t.match(await ask(scrape, '/metrics'), { status: 200, body: began })
  await t.rejects(ask(address, '/metrics'), { code: 'ECONNREFUSED' }, 'control: not from the app')
  program.tell('go on')
  t.equal(await answered, 3)
  t.equal((await program.ended).code, 0)
})

t.test('what the shutdown has cost is pushed in the end', async (t) => {
  const gateway = await startReceiver(t)
  const { program, answered } = await startApp(t, { PUSHGATEWAY_URL: gateway.url })
  program.signal('SIGTERM')
  await program.line('draining')
  program.tell('go on')
  t.equal(await answered, 3)
  t.equal((await program.ended).code, 0)
  t.strictSame(
    gateway.received.map(({ method, path }) => [method, path.split('/').slice(0, 5).join('/')]),
    [
      ['PUT', '/metrics/job/shop/instance'],
      ['PUT', '/metrics/job/shop/instance'],
    ],
  )
  const [first, last] = gateway.received
  t.match(first?.body, began)
  t.notMatch(first?.body, 'verdict=', 'nothing is known in the beginning')
  t.match(last?.body, began)
  t.strictSame(samples(last?.body).slice(1), [
    'lastcall_shutdowns_total{verdict="clean"} 1',
    'lastcall_requests_cut_total 0',
    'lastcall_requests_refused_total 0',
    'lastcall_phase_seconds_count{phase="lame-duck"} 1',
    'lastcall_phase_seconds_count{phase="last-call"} 1',
    'lastcall_phase_seconds_count{phase="draining"} 1',
    'lastcall_phase_seconds_count{phase="releasing"} 1',
  ])
})

t.test('control: a participant of the app itself pushes before anything is known', async (t) => {
  const gateway = await startReceiver(t)
  const program = startProgram(t, [fixture('pushes-early')], {
    env: { METRICS_PORT: '0', GATEWAY: gateway.url },
  })
  await program.line('ready')
  program.signal('SIGTERM')
  t.equal((await program.ended).code, 0)
  t.equal(gateway.received.length, 1)
  t.notMatch(gateway.received[0]?.body, 'verdict=')
})

t.test('requests that are cut are counted', async (t) => {
  const gateway = await startReceiver(t)
  const { program, answered } = await startApp(t, {
    PUSHGATEWAY_URL: gateway.url,
    LASTCALL_GRACE_PERIOD_MS: '2000',
  })
  program.signal('SIGTERM')
  t.equal(await answered, 0)
  t.equal((await program.ended).code, 1)
  t.strictSame(samples(gateway.received.at(-1)?.body).slice(1, 3), [
    'lastcall_shutdowns_total{verdict="forced"} 1',
    'lastcall_requests_cut_total 3',
  ])
})

t.test('a process that is killed in its shutdown has begun and never reported', async (t) => {
  const gateway: Receiver = await startReceiver(t)
  const { program } = await startApp(t, { PUSHGATEWAY_URL: gateway.url })
  program.signal('SIGTERM')
  await gateway.first
  program.signal('SIGKILL')
  t.equal((await program.ended).signal, 'SIGKILL')
  t.equal(gateway.received.length, 1)
  t.match(gateway.received[0]?.body, began)
  t.notMatch(gateway.received[0]?.body, 'verdict=')
})

t.test('a gateway that never answers costs no request, and the report says so', async (t) => {
  const gateway = await startReceiver(t, { silent: true })
  const { program, answered } = await startApp(t, { PUSHGATEWAY_URL: gateway.url })
  program.signal('SIGTERM')
  await program.line('draining')
  program.tell('go on')
  t.equal(await answered, 3)
  const { code, reports } = await program.ended
  t.equal(code, 1)
  t.match(reports, [
    { verdict: 'clean' },
    { verdict: 'failed', participants: { items: [{ name: 'pushgateway' }] } },
  ])
})
