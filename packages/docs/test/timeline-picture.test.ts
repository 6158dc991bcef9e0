import { deepEqual } from 'node:assert/strict'
import { startProgram } from '@lastcall/testing'
import t from 'tap'
import { defaultMoments } from '#src/moments.js'
import { drawTimeline } from '#src/timeline-picture.js'

const picture = drawTimeline(defaultMoments())
const written = [...picture.matchAll(/<text [^>]*>(?:<tspan[^>]*>)?([^<]+)/g)].map(([, words = '']) => words)

t.test('the picture has the default times, in seconds', (t) => {
  const numbers = written.filter((words) => /^\d\.\d+$/.test(words)).sort((a, b) => Number(a) - Number(b))
  t.strictSame(numbers, ['0.79', '1.58', '3.17', '4.75', '7.6', '9.5'])
  t.ok(written.includes('SIGKILL, 10 s'))
  t.ok(written.includes('it: lame duck from 1.58 s on, when no request has come for 1 s.'))
  t.end()
})

t.test('they are those that an app explains', async (t) => {
  const app = `import { createShutdown } from '@lastcall/core'; createShutdown().ready()`
  const program = startProgram(t, ['--input-type=module', '--eval', app], { env: { LASTCALL_EXPLAIN: '1' } })
  const { log } = await program.ended
  const { values } = (log.find(({ msg }) => msg === 'the budget') as unknown as Explained).explain
  const { tellMs, quietMs, quietFromMs, lastCallMs, drainingMs, releasingMs, stoppedMs, graceMs } =
    defaultMoments()
  deepEqual(
    { tellMs, quietMs, quietFromMs, lastCallMs, drainingMs, releasingMs, stoppedMs, graceMs },
    {
      tellMs: ms(values, 'lameDuck.minMs') / 2,
      quietMs: ms(values, 'lameDuck.quietMs'),
      quietFromMs: ms(values, 'lameDuck.minMs'),
      lastCallMs: ms(values, 'lameDuck.maxMs'),
      drainingMs: ms(values, 'lameDuck.maxMs') + ms(values, 'lastCall.maxMs'),
      releasingMs: ms(values, 'drainDeadlineMs'),
      stoppedMs: ms(values, 'guardMs'),
      graceMs: ms(values, 'gracePeriodMs'),
    },
  )
})

t.test('each colour has an ink, in both themes', (t) => {
  for (const theme of picture.split('@media(prefers-color-scheme:dark)')) {
    for (const [, name = ''] of picture.matchAll(/class="(?:phase )?on-(\w+)"/g)) {
      t.match(theme, `.${name}{fill:`)
      t.match(theme, `.on-${name}{fill:`)
    }
  }
  t.end()
})

interface Explained {
  readonly explain: { readonly values: Values }
}
type Values = Readonly<Record<string, { readonly ms: number }>>

const ms = (values: Values, name: string): number => values[name]?.ms ?? Number.NaN
