import type { Report } from '@lastcall/core'
import t from 'tap'
import { startStepped, steps, type Stepped } from './stepped.js'

t.jobs = 2

const drain = (app: Stepped) => app.ask('/drain', 'POST')

interface Drained {
  readonly phase: string
  readonly verdict: string
  readonly reports: readonly Report[]
}

const bodyOf = ({ body }: { body: string }): Drained => JSON.parse(body) as Drained

/** Every phase and every wait came once: nothing was done twice. */
const everythingOnce = [
  'lame-duck',
  'step lame duck',
  'last-call',
  'step last call',
  'draining',
  'step drain',
  'releasing',
  'step release',
  'stopped',
]

const what = (lines: readonly string[]): string[] =>
  lines.filter((line) => !line.startsWith('SIGTERM') && !line.startsWith('admin') && line !== 'running')

for (const [joinedIn, phase] of steps) {
  t.test(`/drain, and SIGTERM in ${phase}: one shutdown, which ends with an exit`, async (t) => {
    const app = await startStepped(t)
    const answer = drain(app)
    for (const [step] of steps) {
      await app.line(`step ${step}`)
      if (step === joinedIn) {
        app.signal('SIGTERM')
        await app.line('SIGTERM 1')
      }
      app.goOn()
    }
    t.match(bodyOf(await answer), { verdict: 'clean', reports: [{ reason: '/drain' }] })
    const { code, lines, reports, log } = await app.ended
    t.equal(code, 0)
    t.strictSame(what(lines), everythingOnce)
    t.match(reports, [{ reason: '/drain', verdict: 'clean', exitCode: 0 }])
    t.equal(reports.length, 1)
    t.notOk(log.some(({ msg }) => msg.includes('waiting for the signal')))
  })

  t.test(`SIGTERM, and /drain in ${phase}: it joins, and is answered when draining is over`, async (t) => {
    const app = await startStepped(t)
    app.signal('SIGTERM')
    let answer: ReturnType<typeof drain> | undefined
    for (const [step] of steps) {
      await app.line(`step ${step}`)
      if (step === joinedIn) {
        answer = drain(app)
        // a probe on a later connection is answered: the request before it has come
        t.equal((await app.ask('/livez')).status, 200)
      }
      app.goOn()
    }
    t.match(bodyOf((await answer) ?? { body: '{}' }), {
      phase: 'releasing',
      verdict: 'clean',
      reports: [{ reason: 'SIGTERM' }],
    })
    const { code, lines, reports } = await app.ended
    t.equal(code, 0)
    t.strictSame(what(lines), everythingOnce)
    t.match(reports, [{ reason: 'SIGTERM', verdict: 'clean' }])
    t.equal(reports.length, 1)
  })
}

/** Asks for a drain, and lets everything go on until nothing is left but the signal. */
async function drainToTheEnd(app: Stepped): Promise<void> {
  const answer = drain(app)
  for (const [step] of steps) {
    await app.line(`step ${step}`)
    app.goOn()
  }
  await answer
}

t.test('/drain does not end the process, and SIGTERM after it has stopped does at once', async (t) => {
  for (const fails of [false, true]) {
    const app = await startStepped(t, { fails })
    await drainToTheEnd(app)
    await app.line('waiting for the signal')
    t.match(await app.ask('/livez'), { status: 200, body: '{"status":"ok","phase":"stopped"}' })
    t.match(bodyOf(await drain(app)), {
      phase: 'stopped',
      verdict: fails ? 'failed' : 'clean',
      reports: [{ reason: '/drain' }],
    })
    app.signal('SIGTERM')
    const { code, log, lines } = await app.ended
    t.equal(code, fails ? 1 : 0)
    t.strictSame(what(lines), everythingOnce)
    t.notOk(log.some(({ msg }) => msg.includes('deadline') || msg.includes('kept alive')))
  }
})

t.test('where no signal comes the process ends at the deadline, with the code of its report', async (t) => {
  for (const fails of [false, true]) {
    const app = await startStepped(t, { fails, options: { gracePeriodMs: 2_000 } })
    await drainToTheEnd(app)
    const { code, log, reports } = await app.ended
    t.equal(code, fails ? 1 : 0)
    t.match(reports, [{ verdict: fails ? 'failed' : 'clean' }])
    t.equal(log.at(-1)?.msg, 'no signal came by the deadline')
  }
})

t.test('an app that exits by itself while the signal is waited for exits with that code', async (t) => {
  for (const [exits, code] of [
    ['stopped', 0],
    // the control: before that it is the middle of a shutdown
    ['releasing', 1],
  ] as const) {
    const app = await startStepped(t, { exits })
    const answer = drain(app)
    for (const [step, phase] of steps) {
      await app.line(`step ${step}`)
      if (phase !== exits) app.goOn()
    }
    await answer
    t.equal((await app.ended).code, code)
  }
})

t.test('two who drain at once get the same answer at the same time', async (t) => {
  const app = await startStepped(t)
  const answers = Promise.all([drain(app), drain(app)])
  for (const [step] of steps.slice(0, 3)) {
    await app.line(`step ${step}`)
    app.goOn()
  }
  const [one, two] = (await answers).map(bodyOf)
  t.match(one, { phase: 'releasing', verdict: 'clean' })
  t.match(two?.reports, [{ reason: '/drain', phases: one?.reports[0]?.phases ?? [] }])
  await app.line('step release')
  app.signal('SIGTERM')
  app.goOn()
  const { code, lines } = await app.ended
  t.equal(code, 0)
  t.strictSame(what(lines), everythingOnce)
})

t.test('a client that leaves stops nothing', async (t) => {
  const app = await startStepped(t)
  const client = await app.connect()
  client.send('/drain', { method: 'POST' })
  await app.line('step lame duck')
  client.socket.destroy()
  for (const [step] of steps) {
    await app.line(`step ${step}`)
    app.goOn()
  }
  await app.line('waiting for the signal')
  app.signal('SIGTERM')
  const { code, lines } = await app.ended
  t.equal(code, 0)
  t.strictSame(what(lines), everythingOnce)
})

t.test('a drain that is not over in time is answered with what was cut, before the exit', async (t) => {
  const app = await startStepped(t, { hangs: true, options: { gracePeriodMs: 2_000 } })
  const answer = drain(app)
  await app.line('step drain')
  // the budget counts from the first trigger: this one adds nothing
  app.signal('SIGTERM')
  t.match(bodyOf(await answer), {
    phase: 'releasing',
    verdict: 'forced',
    reports: [{ holdsCut: { count: 1 }, exitCode: 1 }],
  })
  const { code, reports } = await app.ended
  t.equal(code, 1)
  t.match(reports, [{ reason: '/drain', verdict: 'forced' }])
  t.ok((reports[0]?.tookMs ?? Infinity) < 2_000, `${reports[0]?.tookMs} ms`)
})

t.test('exit: false: nothing is kept alive for a signal', async (t) => {
  const app = await startStepped(t, { options: { exit: false } })
  await drainToTheEnd(app)
  const { code, log } = await app.ended
  t.equal(code, 0)
  t.notOk(log.some(({ msg }) => msg.includes('waiting for the signal')))
})
