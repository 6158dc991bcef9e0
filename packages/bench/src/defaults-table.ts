import type { Report } from '@lastcall/core'
import type { Entry } from './journal.js'
import { formatTable } from './markdown.js'
import { formatKinds, formatNumber, formatSeconds, summarise } from './summary.js'
import type { Cell } from './variants.js'

/** One table for each setting that has been measured. */
export function formatSettings(
  cells: readonly Cell[],
  entriesOf: (title: string) => readonly Entry[],
): string {
  const settings = [...new Set(cells.map(({ setting }) => setting))]
  const sections = settings.flatMap((setting) => {
    const measured = cells
      .filter((cell) => cell.setting === setting)
      .map((cell) => ({ cell, entries: entriesOf(cell.stack.title) }))
      .filter(({ entries }) => entries.length > 0)
    if (measured.length === 0) return []
    const rows = measured.map(({ cell, entries }) => formatRow(cell, entries))
    const idle = average(measured.flatMap(({ entries }) => entries.map((entry) => entry.idle)))
    return [
      `### ${setting}\n\n${formatTable([head, ...rows])}\n\nProcessors ${Math.round(idle * 100)} % idle.`,
    ]
  })
  return sections.join('\n\n')
}

const head = [
  'variant',
  'grace',
  'restarts',
  'requests',
  'lost',
  'restarts with a loss',
  'kinds',
  'closed idle, per restart',
  'signal to exit, median',
  'max',
]

function formatRow({ variant, stack }: Cell, entries: readonly Entry[]): readonly string[] {
  const restarts = entries.map(({ restart }) => restart)
  const summary = summarise(restarts)
  // who is refused without a balancer goes to the other instance: nothing was written, nothing is lost
  const direct = stack.front === 'direct'
  const lost = summary.lostInAll - (direct ? summary.lost.refused : 0)
  const costly = restarts.filter((restart) =>
    restart.lost.some(({ outcome }) => !direct || outcome !== 'refused'),
  )
  return [
    variant,
    formatSeconds(stack.graceMs),
    formatNumber(summary.restarts),
    formatNumber(summary.requests),
    formatNumber(lost),
    formatNumber(costly.length),
    formatKinds(summary),
    formatClosedIdle(restarts.map(({ closed }) => closed)),
    formatSeconds(summary.stopMedianMs),
    formatSeconds(summary.stopMaxMs),
  ]
}

function formatClosedIdle(closed: readonly (Report['connections'] | undefined)[]): string {
  const counts = closed.flatMap((connections) => (connections ? [connections.idle] : []))
  return counts.length === 0 ? '–' : average(counts).toFixed(1)
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
