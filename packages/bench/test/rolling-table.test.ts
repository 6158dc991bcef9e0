import t from 'tap'
import { formatFronts } from '#src/rolling-table.js'
import { lostPost, measured, restart, restarts } from './restarts.js'

const cellsOf = (line = ''): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

t.test('a row says what was lost, and how much that may be at most', async (t) => {
  const cell = measured('ours', 'haproxy', [
    ...restarts(9, { errors: { connecting: 0, responding: 0 } }),
    restart({ lost: [lostPost], errors: { connecting: 1, responding: 2 }, stopMs: 2_500, exitCode: 1 }),
  ])
  const [, , head, , row] = formatFronts([cell]).split('\n')
  const cells = cellsOf(row)
  t.strictSame(
    cellsOf(head).map((name, place) => [name, cells[place]]),
    [
      ['app', 'ours'],
      ['restarts', '10'],
      ['requests', '1,000'],
      ['lost', '1'],
      ['kinds', '1 reset'],
      ['balancer’s count', '3'],
      ['of all requests, ≤', '0.47 %'],
      ['restarts with a loss', '1'],
      ['of all restarts, ≤', '39 %'],
      ['exits ≠ 0', '1'],
      ['signal to exit, median', '1.6 s'],
      ['max', '2.5 s'],
    ],
  )
})

t.test('each front has a table of its own, with its rows in their order', async (t) => {
  const text = formatFronts([
    measured('ours', 'haproxy', restarts(1)),
    measured('control', 'haproxy', restarts(1)),
    measured('ours', 'direct', restarts(1)),
  ])
  const firsts = text
    .split('\n')
    .filter((line) => /^#|^\| (?!app)\w/.test(line))
    .map((line) => (line.startsWith('#') ? line : cellsOf(line)[0]))
  t.strictSame(firsts, [
    '## Behind HAProxy, a check each 200 ms',
    'ours',
    'control',
    '## Without a balancer',
    'ours',
  ])
})
