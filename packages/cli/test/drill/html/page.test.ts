import { parse } from 'parse5'
import t from 'tap'
import { createPage } from '#src/drill/html/page.js'
import type { Recording } from '#src/drill/observation/recording.js'
import type { DrillReport } from '#src/drill/report.js'
import { exchange, here, record, reportOf, there } from './example-drill.js'
import { findAll, attribute, textOf } from './read-page.js'

const origin = { date: new Date(0), version: '1.2.3', node: 'v20.20.2', platform: 'linux x64' }
const page = (recordings: readonly Recording[], changed?: Partial<DrillReport>): string =>
  createPage({ report: reportOf(recordings, changed), recordings, origin })

t.test('the document is valid, and refers to nothing outside of it', async (t) => {
  const text = page([record({ exchanges: [exchange(-5, 5), exchange(10, 20, 'reset')] }, { lost: 1 })])
  const faults: string[] = []
  parse(text, { onParseError: ({ code }) => void faults.push(code) })
  t.strictSame(faults, [])
  for (const word of ['http:', 'https:', 'src=', '@import', 'url(', '<script', '<link'])
    t.notOk(text.includes(word), word)
  t.ok(findAll(text, 'a').every((link) => attribute(link, 'href')?.startsWith('#')))
})

t.test('what the app and its user say is text and nothing else', async (t) => {
  const hostile = `<script>alert("x")</script>'"&`
  const phases = [{ phase: 'lame-duck', tookMs: 100, ended: hostile, skipped: false }]
  const output = JSON.stringify({ report: { verdict: hostile, phases } })
  const recording = record({ output }, { timeline: [{ atMs: 1, event: hostile }] })
  const report = reportOf([recording])
  const findings = [
    { code: hostile, verdict: 'failed', title: hostile, evidence: [hostile], advice: hostile },
  ] as const
  const options = { ...report.options, command: ['node', hostile] }
  const text = page([recording], { findings, options, leftOut: [hostile] })
  t.strictSame(findAll(text, 'script'), [])
  t.match(textOf(findAll(text, 'header')[0]), `Left out: ${hostile}`)
  t.equal(findAll(text, 'pre').map(textOf).join(''), `node '<script>alert("x")</script>'\\''"&'`)
  for (const name of ['advice', 'evidence', 'events', 'title']) {
    t.match(textOf(findAll(text, (node) => attribute(node, 'class') === name)[0]), hostile, name)
  }
})

t.test('the verdict is said in words, with the numbers and where it comes from', async (t) => {
  const passed = textOf(findAll(page([record()]), 'header')[0])
  for (const said of [
    'Passed',
    'none of 2,000 requests was lost',
    '10,000 ms',
    'lastcall 1.2.3',
    'Node v20.20.2',
    '1970-01-01',
  ])
    t.match(passed, said)
  const failed = textOf(findAll(page([record({}, { lost: 3 })]), 'header')[0])
  t.match(failed, /Failed.*3 of 2,000 requests were lost/s)
  const forced = textOf(
    findAll(page([record({}, { forced: true, exitCode: null, exitSignal: 'SIGKILL' })]), 'header')[0],
  )
  t.match(forced, /Failed.*not all was well/s)
})

t.test('the worst restart comes first and is open, the others follow folded', async (t) => {
  const recordings = [0, 2, 5, 1].map((lost, index) => record({}, { number: index + 1, lost }))
  const restarts = findAll(page(recordings), (node) => attribute(node, 'class') === 'restart')
  t.strictSame(
    restarts.map((node) => [/Restart \d/.exec(textOf(node))?.[0], attribute(node, 'open') !== undefined]),
    [
      ['Restart 3', true],
      ['Restart 1', false],
      ['Restart 2', false],
      ['Restart 4', false],
    ],
  )
})

t.test('findings are grouped by verdict, and only what holds is folded', async (t) => {
  const findings = (['passed', 'unchecked', 'failed', 'warning', 'failed'] as const).map(
    (verdict, index) => ({
      code: `code-${index}`,
      verdict,
      title: `Title ${index}`,
      evidence: [],
    }),
  )
  const groups = findAll(
    page([record()], { findings }),
    (node) => attribute(node, 'class')?.startsWith('findings ') === true,
  )
  t.strictSame(
    groups.map((node) => [
      attribute(node, 'class'),
      attribute(node, 'open') !== undefined,
      textOf(node).match(/code-\d/g),
    ]),
    [
      ['findings failed', true, ['code-2', 'code-4']],
      ['findings warning', true, ['code-3']],
      ['findings unchecked', true, ['code-1']],
      ['findings passed', false, ['code-0']],
    ],
  )
})

t.test('findings for one and the same reason are told once, with all of their codes', async (t) => {
  const one = {
    verdict: 'unchecked',
    title: 'Not known',
    evidence: ['it was never told'],
    advice: 'Tell it.',
  } as const
  const findings = [
    { ...one, code: 'exit-code' },
    { ...one, code: 'port-held' },
  ]
  const text = page([record()], { findings })
  t.equal(findAll(text, (node) => attribute(node, 'class') === 'advice').length, 1)
  t.match(
    textOf(findAll(text, (node) => attribute(node, 'class') === 'findings unchecked')[0]),
    /2.*exit-code port-held/s,
  )
})

t.test(
  'where nothing else was found, what holds is open, and what stands in backticks is code',
  async (t) => {
    const findings = [
      { code: 'exit-code', verdict: 'passed', title: 'Nobody calls `process.exit()`', evidence: [] },
    ] as const
    const [group] = findAll(
      page([record()], { findings }),
      (node) => attribute(node, 'class') === 'findings passed',
    )
    t.ok(group && attribute(group, 'open') !== undefined)
    t.match(textOf(group), /Nobody calls process\.exit\(\) exit-code/)
  },
)

t.test(
  'every picture has a title and a description, every column and row of the table a header',
  async (t) => {
    const text = page([record(), record({}, { number: 2 })])
    const pictures = findAll(text, (node) => attribute(node, 'role') === 'img')
    t.equal(pictures.length, 2)
    for (const picture of pictures) {
      for (const id of attribute(picture, 'aria-labelledby')?.split(' ') ?? []) {
        t.equal(findAll(text, (node) => attribute(node, 'id') === id).length, 1)
      }
    }
    t.ok(findAll(text, 'th').every((header) => /^(?:row|col)$/.test(attribute(header, 'scope') ?? '')))
  },
)

t.test('what was lost before the first signal and after the last restart is drawn, too', async (t) => {
  const first = record({ exchanges: [exchange(-700, -600, 'reset')] })
  const lead = record(
    { exchanges: [exchange(-80, -50, 'reset'), exchange(9_000, 9_100, 'reset')] },
    { number: 2 },
  )
  const text = page([first, lead], { traffic: { ...reportOf([]).traffic, lost: 2 } })
  const kinds = findAll(
    text,
    (node) => attribute(node, 'class')?.startsWith('loss') === true && textOf(node) !== '',
  )
  t.strictSame(
    kinds.map((node) => attribute(node, 'class')),
    ['loss', 'loss earlier', 'loss'],
  )
  t.match(textOf(findAll(text, 'table')[0]), /Between restarts\s*2/)
})

for (const [outcome, atMost] of [
  ['ok', 1_000_000],
  ['reset', 1_500_000],
] as const) {
  t.test(`ten restarts with 500 requests a second make a page of ordinary size (${outcome})`, async (t) => {
    const exchanges = Array.from({ length: 2_900 }, (_, nth) => {
      const at = nth * 2 - 800
      return exchange(at, at + (nth % 9), outcome, nth % 2 === 0 ? here : there)
    })
    const lost = outcome === 'ok' ? 0 : exchanges.filter(({ endedAt }) => endedAt >= 0).length
    const recordings = Array.from({ length: 10 }, (_, index) =>
      record({ exchanges, endedAt: 5_000 }, { number: index + 1, stopMs: 4_000, lost }),
    )
    const text = page(recordings)
    t.ok(text.length < atMost, `${text.length} characters`)
    const marks = findAll(
      text,
      (node) => attribute(node, 'class') === 'loss' && node.parentNode?.nodeName === 'g',
    )
    const crosses = marks.reduce((sum, node) => sum + (attribute(node, 'd')?.match(/M/g)?.length ?? 0), 0)
    // Before the first signal, losses have no other restart.
    t.equal(crosses, outcome === 'ok' ? 0 : 9 * lost + exchanges.length)
  })
}
