/** The table of the root README, from what the bench `rolling` wrote. Who was not measured behind something has a dash there. */
export function formatPeers(results: string): string {
  const fronts = readFronts(results)
  if (fronts.length === 0) throw new Error('the results have no table')
  const [about = ''] = /^\d{4}-\d\d-\d\d · .*$/m.exec(results) ?? []
  const [date, ...conditions] = about.split(' · ')
  const apps = [...new Set(fronts.flatMap(({ rows }) => [...rows.keys()]))]
  const head = ['', ...fronts.map(({ title }) => title), 'signal to exit, medians', 'exits ≠ 0']
  const rows = apps.map((app) => {
    const found = fronts.map(({ rows: measured }) => measured.get(app))
    const sum = (column: string): number =>
      found.reduce((total, row) => total + (row ? Number(read(row, column).replaceAll(',', '')) : 0), 0)
    const medians = found.map((row) => (row ? read(row, 'signal to exit, median') : '–')).join(' · ')
    return [app, ...found.map(describeLosses), medians, share(sum('exits ≠ 0'), sum('restarts'))]
  })
  return [
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `Measured on ${date}: ${conditions.join(' · ')}.`,
  ].join('\n')
}

/** By the head of the column. */
type Row = Readonly<Record<string, string>>

interface Front {
  readonly title: string
  /** By app. */
  readonly rows: ReadonlyMap<string, Row>
}

function readFronts(results: string): readonly Front[] {
  return results.split(/^## /m).flatMap((section) => {
    const [heading = '', ...lines] = section.split('\n')
    const [head, , ...rows] = lines.filter((line) => line.startsWith('|')).map(cellsOf)
    if (!head) return []
    const named = rows.map(
      (cells) =>
        [cells[0] ?? '', Object.fromEntries(head.map((name, place) => [name, cells[place] ?? '']))] as const,
    )
    return [
      { title: heading.replace(/,.*/, '').toLowerCase().replace('haproxy', 'HAProxy'), rows: new Map(named) },
    ]
  })
}

/** Two lines: requests, restarts. */
function describeLosses(row: Row | undefined): string {
  if (!row) return '–'
  const requests = share(read(row, 'lost'), read(row, 'requests'))
  return `${requests}<br>${share(read(row, 'restarts with a loss'), read(row, 'restarts'))}`
}

/** `162 of 3,500`, which no line break parts. */
const share = (some: string | number, all: string | number): string => `${some}\u00A0of\u00A0${all}`

function read(row: Row, column: string): string {
  const value = row[column]
  if (value === undefined) throw new Error(`the results have no column '${column}'`)
  return value
}

const cellsOf = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
