import * as fc from 'fast-check'
import t from 'tap'
import { createScale } from '#src/drill/html/picture/scale.js'
import { drawRequestsRow } from '#src/drill/html/rows/requests-row.js'
import type { RecordedRequest } from '#src/drill/observation/recording.js'
import { attribute, findAll, textOf } from '../read-page.js'
import type { Element } from '../read-page.js'

const scale = createScale([-400, 4_000], [132, 952])

function draw(requests: readonly RecordedRequest[], mostTitles = 100) {
  const lane = { height: 6, most: 8 }
  const options = { label: 'instance 1', requests, lane, mostTitles, countedFromMs: 0, className: 'own' }
  const row = drawRequestsRow(options, scale)
  const paths = findAll(`<svg>${row.body.markup}</svg>`, 'path')
  return { row, paths }
}

/** Each bar begins with a move. */
const barsIn = (path: Element | undefined): number => (path && attribute(path, 'd')?.match(/M/g)?.length) ?? 0

const request = (startMs: number, rest: Partial<RecordedRequest> = {}): RecordedRequest => ({
  ...{ instance: 'instance 1', method: 'GET', outcome: 'ok', status: 200 },
  ...{ startMs, endMs: startMs + 10 },
  ...rest,
})

const anyRequests = fc.array(
  fc.record({
    instance: fc.constant('instance 1'),
    method: fc.constantFrom('GET', 'POST'),
    outcome: fc.constantFrom('ok', 'ok', 'reset', 'refused', 'timedOut'),
    status: fc.constant(undefined),
    startMs: fc.integer({ min: 0, max: 3_000 }),
    endMs: fc.integer({ min: 3_000, max: 4_000 }),
  }),
  { maxLength: 60 },
)

t.test('every loss is drawn, whatever there is no room for', async () => {
  fc.assert(
    fc.property(anyRequests, fc.integer({ min: 0, max: 20 }), (requests, mostTitles) => {
      const { row, paths } = draw(requests, mostTitles)
      const lost = requests.filter(({ outcome }) => outcome !== 'ok').length
      const crosses = paths
        .filter((path) => attribute(path, 'class') === 'loss')
        .reduce((sum, path) => sum + barsIn(path), 0)
      const answered = paths
        .filter((path) => /GET|POST/.test(attribute(path, 'class') ?? ''))
        .reduce((sum, path) => sum + barsIn(path), 0)
      return crosses === lost && answered === row.drawn && row.answered === requests.length - lost
    }),
  )
})

t.test('methods are told apart, and what is outside of the picture is left out', async (t) => {
  const { row, paths } = draw([
    request(0),
    request(50, { method: 'POST' }),
    request(60, { method: 'POST' }),
    request(-500),
    request(5_000),
  ])
  t.strictSame(
    paths.map((path) => [attribute(path, 'class'), barsIn(path)]),
    [
      ['GET', 1],
      ['POST', 2],
    ],
  )
  t.strictSame(row.notes, [{ text: '3 answered' }])
})

t.test('a loss tells what it was, and one of the restart before is not counted again', async (t) => {
  const lost = { outcome: 'serverError', status: 503, method: 'POST' } as const
  const { row, paths } = draw([request(100, lost), request(-200, lost)])
  t.strictSame(
    paths.slice(0, 2).map((path) => [attribute(path, 'class'), textOf(path)]),
    [
      ['loss earlier', 'POST to instance 1, answered 5xx, status 503, -200 ms to -190 ms'],
      ['loss', 'POST to instance 1, answered 5xx, status 503, 100 ms to 110 ms'],
    ],
  )
  t.strictSame(row.notes, [
    { text: '1 lost', isLoss: true },
    { text: '1 lost earlier' },
    { text: '0 answered' },
  ])
})
