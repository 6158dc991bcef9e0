import type { Report } from '@lastcall/core'
import type { Entry } from './journal.js'
import { formatTable } from './markdown.js'
import type { Front, Restart } from './stack.js'
import { average, formatKinds, formatNumber, formatSeconds, summarise } from './summary.js'
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
  'failed at the client',
  'closed idle, per restart',
  'signal to exit, median',
  'max',
]

function formatRow({ variant, stack }: Cell, entries: readonly Entry[]): readonly string[] {
  const restarts = entries.map(({ restart }) => restart)
  const summary = summarise(restarts)
  const costs = restarts.map((restart) => restart.lost.length - countRefused(restart, stack.front))
  return [
    variant,
    formatSeconds(stack.graceMs),
    formatNumber(summary.restarts),
    formatNumber(summary.requests),
    formatNumber(costs.reduce((sum, cost) => sum + cost, 0)),
    formatNumber(costs.filter((cost) => cost > 0).length),
    formatKinds(summary),
    formatClosedIdle(restarts.map(({ closed }) => closed)),
    formatSeconds(summary.stopMedianMs),
    formatSeconds(summary.stopMaxMs),
  ]
}

/** Who is refused without a balancer goes to the other instance: nothing was written, nothing is lost. */
function countRefused({ lost, errors }: Restart, front: Front): number {
  if (front === 'direct') return lost.filter(({ outcome }) => outcome === 'refused').length
  // behind the relay a refusal looks like a reset; the relay knows better
  return front === 'distant' ? Math.min(lost.length, errors?.connecting ?? 0) : 0
}

function formatClosedIdle(closed: readonly (Report['connections'] | undefined)[]): string {
  const counts = closed.flatMap((connections) => (connections ? [connections.idle] : []))
  return counts.length === 0 ? '–' : average(counts).toFixed(1)
}
