import { formatTable } from './markdown.js'
import type { Measured } from './rolling-cells.js'
import type { Front } from './stack.js'
import { formatKinds, formatNumber, formatSeconds, formatShare, summarise } from './summary.js'
import { upperBound } from './upper-bound.js'

/** One table for each front, in the order of what was measured. */
export function formatFronts(measured: readonly Measured[]): string {
  const fronts = [...new Set(measured.map(({ stack }) => stack.front))]
  const sections = fronts.map((front) => {
    const rows = measured.filter(({ stack }) => stack.front === front).map(formatRow)
    return `## ${titles[front]}\n\n${formatTable([head, ...rows])}`
  })
  return sections.join('\n\n')
}

const titles: Readonly<Record<Front, string>> = {
  haproxy: 'Behind HAProxy, a check each 200 ms',
  nginx: 'Behind nginx, no check',
  direct: 'Without a balancer',
  distant: 'Without a balancer, 20 ms away',
}

const head = [
  'app',
  'restarts',
  'requests',
  'lost',
  'kinds',
  'balancer’s count',
  'of all requests, ≤',
  'restarts with a loss',
  'of all restarts, ≤',
  'exits ≠ 0',
  'signal to exit, median',
  'max',
]

function formatRow({ contender, restarts }: Measured): readonly string[] {
  const summary = summarise(restarts)
  return [
    contender.title,
    formatNumber(summary.restarts),
    formatNumber(summary.requests),
    formatNumber(summary.lostInAll),
    formatKinds(summary),
    summary.balancerErrors === undefined ? '–' : formatNumber(summary.balancerErrors),
    formatShare(upperBound(summary.lostInAll, summary.requests)),
    formatNumber(summary.restartsWithLoss),
    formatShare(upperBound(summary.restartsWithLoss, summary.restarts)),
    formatNumber(summary.badExits),
    formatSeconds(summary.stopMedianMs),
    formatSeconds(summary.stopMaxMs),
  ]
}
