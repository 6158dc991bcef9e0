import { fileURLToPath } from 'node:url'
import { ask, startProgram, type Ended } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { fixture } from './leave.js'
import { startReceiver } from './receiver.js'
import { spanNames } from './span-names.js'

t.jobs = 2

const telemetry = fileURLToPath(new URL('../telemetry.js', import.meta.url))
const [earlyCount, lateCount] = [5, 20]

interface Traced {
  readonly ended: Ended
  /** Requests that were in flight when the signal came, and got their answers. */
  readonly answered: number
  readonly early: number
  readonly late: number
}

interface TraceOptions {
  readonly preloaded: string
  readonly args?: readonly string[]
  /** It does not wait for its requests. */
  readonly exits?: boolean
  readonly signal?: NodeJS.Signals
}

/** Some requests are answered before the signal, and more while the process is draining. */
async function trace(
  t: Test,
  { preloaded, args = [], exits = false, signal = 'SIGTERM' }: TraceOptions,
): Promise<Traced> {
  const collector = await startReceiver(t)
  const program = startProgram(t, ['--import', preloaded, fixture('holds-requests'), ...args], {
    // nothing is sent before the end
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '60000' },
  })
  const address = { port: await program.port() }
  for (let left = earlyCount; left > 0; left -= 1) await ask(address, '/')
  const held = Promise.allSettled(Array.from({ length: lateCount }, () => ask(address, '/held')))
  await program.line(`held ${lateCount}`)
  program.signal(signal)
  await (exits ? program.exited : program.line('draining'))
  program.tell('go on')
  const answers = await held
  const ended = await program.ended
  const names = collector.received.flatMap(spanNames)
  return {
    ended,
    answered: answers.filter(({ status }) => status === 'fulfilled').length,
    early: names.filter((name) => name === '/').length,
    late: names.filter((name) => name === '/held').length,
  }
}

t.test('the spans of requests that are answered while the process drains arrive', async (t) => {
  const { ended, ...counts } = await trace(t, { preloaded: telemetry })
  t.equal(ended.code, 0)
  t.strictSame(counts, { answered: lateCount, early: earlyCount, late: lateCount })
})

t.test('they do after a crash, too', async (t) => {
  const { ended, ...counts } = await trace(t, { preloaded: telemetry, signal: 'SIGUSR2' })
  t.equal(ended.code, 1)
  t.strictSame(counts, { answered: lateCount, early: earlyCount, late: lateCount })
})

t.test('control: without Last Call a crash loses all that was not sent yet', async (t) => {
  const { ended, ...counts } = await trace(t, {
    preloaded: fixture('sdk-that-exits'),
    args: ['control'],
    exits: true,
    signal: 'SIGUSR2',
  })
  t.equal(ended.code, 1)
  t.strictSame(counts, { answered: 0, early: 0, late: 0 })
})

t.test('control: an SDK that exits on SIGTERM loses them, and the requests', async (t) => {
  const { ended, ...counts } = await trace(t, {
    preloaded: fixture('sdk-that-exits'),
    args: ['control'],
    exits: true,
  })
  t.equal(ended.code, 0)
  t.strictSame(counts, { answered: 0, early: earlyCount, late: 0 })
})

t.test('control: an SDK that listens to SIGTERM loses them', async (t) => {
  const { ended, ...counts } = await trace(t, { preloaded: fixture('sdk-that-listens'), args: ['control'] })
  t.equal(ended.code, 0)
  t.strictSame(counts, { answered: lateCount, early: earlyCount, late: 0 })
})

t.test('control: with Last Call beside it, too, and a warning says so', async (t) => {
  const { ended, late } = await trace(t, { preloaded: fixture('sdk-that-listens') })
  t.equal(late, 0)
  t.match(ended.log[0]?.msg, 'something else listens to SIGTERM')
})

t.test('a collector that does not answer costs its spans, and the report says so', async (t) => {
  const collector = await startReceiver(t, { silent: true })
  const program = startProgram(t, ['--import', telemetry, fixture('holds-requests')], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  })
  await ask({ port: await program.port() }, '/')
  program.signal('SIGTERM')
  await collector.first
  program.tell('go on')
  const { code, reports } = await program.ended
  t.equal(code, 1)
  t.match(reports, [
    { verdict: 'clean' },
    {
      verdict: 'forced',
      participants: {
        items: [{ name: 'traces', error: "Releasing 'traces' did not finish within 1500 ms" }],
      },
    },
  ])
})
