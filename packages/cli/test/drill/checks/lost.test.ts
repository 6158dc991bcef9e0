import t from 'tap'
import { checkLosses } from '#src/drill/checks/lost.js'
import type { LostRequest } from '#src/drill/observation/observed.js'
import { losses as kinds } from '#src/drill/traffic/tally.js'
import { anObserved } from '../an-observed.js'

const lost = (changed: Partial<LostRequest> = {}): LostRequest => ({
  restart: 1,
  instance: 'instance 1',
  outcome: 'reset',
  method: 'GET',
  status: undefined,
  fresh: false,
  atMs: 12,
  ...changed,
})

const find = (losses: readonly LostRequest[], code: string) =>
  checkLosses(anObserved({ losses })).find((finding) => finding.code === code)

t.test('nothing lost is passed, for each kind', async (t) => {
  t.strictSame(
    checkLosses(anObserved()).map(({ code, verdict, advice }) => [code, verdict, advice]),
    ['refused', 'reset', 'truncated', 'timed-out', 'server-error', 'other'].map((kind) => [
      `lost-${kind}`,
      'passed',
      undefined,
    ]),
  )
})

t.test('each kind fails by itself', async (t) => {
  for (const outcome of kinds) {
    const failed = checkLosses(anObserved({ losses: [lost({ outcome })] })).filter(
      ({ verdict }) => verdict === 'failed',
    )
    t.match(failed, [{ title: /^1 of 2,000 requests / }])
    t.ok(failed[0]?.advice)
  }
})

t.test('the evidence says where, what and when', async (t) => {
  const finding = find(
    [
      lost(),
      lost({ method: 'POST', atMs: 80, fresh: true }),
      lost({ restart: 2, instance: 'instance 2', atMs: 1_234 }),
      lost({ restart: 0 }),
    ],
    'lost-reset',
  )
  t.strictSame(finding?.evidence, [
    'restart 1, on instance 1: 1 GET and 1 POST, 1 of them on new connections, 12 to 80 ms after the signal',
    'restart 2, on instance 2: 1 GET, 1,234 ms after the signal',
    'before the first restart, on instance 1: 1 GET, 12 ms after the start of the traffic',
  ])
})

t.test('an answer is named by its status', async (t) => {
  const all = [503, 500, 503].map((status) => lost({ outcome: 'serverError', status }))
  t.match(find(all, 'lost-server-error')?.evidence, [/3 GET, status 503, 500/])
})

t.test('many restarts that go wrong alike are not all listed', async (t) => {
  const all = Array.from({ length: 9 }, (_, number) => lost({ restart: number + 1 }))
  const { evidence = [] } = find(all, 'lost-reset') ?? {}
  t.equal(evidence.length, 5)
  t.equal(evidence.at(-1), 'and 5 more like these')
})

t.test('Last Call is named to apps that look like Node, and to no others', async (t) => {
  t.match(find([lost()], 'lost-reset')?.advice, 'Last Call')
  const { options } = anObserved()
  const python = { pid: 10, parent: 1, command: 'python3 -m http.server' }
  const observed = anObserved({
    losses: [lost()],
    options: { ...options, command: ['python3', '-m', 'http.server'] },
    restarts: anObserved().restarts.map((restart) => ({
      ...restart,
      processes: { ...restart.processes, before: { all: [python], signalled: python, listeners: [python] } },
    })),
  })
  for (const { advice } of checkLosses(observed)) t.notMatch(advice ?? '', 'Last Call')
})
