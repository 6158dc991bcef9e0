import type { DrillReport } from '../drill/report.js'
import { formatNumber, formatSeconds } from '../drill/text/format-number.js'
import { lossNames } from '../drill/text/loss-names.js'
import { formatTable } from '../drill/text/table.js'
import { losses } from '../drill/traffic/tally.js'

/** One column of the comparison. */
export interface Compared {
  readonly title: string
  readonly report: DrillReport
}

/** Lays the reports out side by side. */
export function formatComparison(compared: readonly Compared[]): string {
  const row = (name: string, read: (report: DrillReport) => string): string[] => [
    name,
    ...compared.map(({ report }) => read(report)),
  ]
  const counts = (name: string, read: (report: DrillReport) => number): string[] =>
    row(name, (report) => formatNumber(read(report)))
  const table = [
    ['', ...compared.map(({ title }) => title)],
    counts('restarts', ({ restarts }) => restarts.length),
    counts('requests', ({ traffic }) => traffic.requests),
    counts('requests lost', ({ traffic }) => traffic.lost),
    ...losses.map((loss) => counts(`  ${lossNames[loss]}`, ({ traffic }) => traffic.outcomes[loss])),
    counts('orders confirmed', ({ rows }) => rows?.answered ?? 0),
    counts('  missing in the database', ({ rows }) => rows?.missing.length ?? 0),
    counts('  stored twice', ({ rows }) => rows?.duplicates.length ?? 0),
    row('exits with code 0', ({ restarts }) =>
      outOf(restarts.filter(({ exitCode }) => exitCode === 0).length, restarts),
    ),
    row('stopped by force', ({ restarts }) =>
      outOf(restarts.filter(({ forced }) => forced).length, restarts),
    ),
    row('signal to exit, median', ({ restarts }) =>
      formatSeconds(median(restarts.map(({ stopMs }) => stopMs))),
    ),
  ]
  return formatTable(table, ['left', ...compared.map(() => 'right' as const)])
}

function outOf(part: number, all: readonly unknown[]): string {
  return `${part} of ${all.length}`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
