import type { DrillReport, RestartResult } from '../report.js'
import { losses } from '../traffic/tally.js'
import type { Loss } from '../traffic/tally.js'
import { formatVerdict } from './format-verdict.js'
import { formatNumber, formatSeconds, formatTable } from './table.js'

export const lossNames: Readonly<Record<Loss, string>> = {
  refused: 'refused',
  reset: 'reset',
  truncated: 'truncated',
  timedOut: 'timed out',
  serverError: 'answered 5xx',
  other: 'other',
}

/** The report as text: what was sent, what was lost, each restart, one restart in detail, and the verdict. */
export function formatReport(report: DrillReport): string {
  const sections = [formatTraffic(report), formatRestarts(report.restarts)]
  const shown = chooseRestart(report.restarts)
  if (shown) sections.push(`Timeline of ${formatTimeline(shown)}`)
  sections.push(formatVerdict(report))
  return sections.join('\n\n')
}

export function formatTimeline({ number, instance, timeline, servedAfterSignal }: RestartResult): string {
  const rows = timeline.map(({ atMs, event }) => [`${formatNumber(atMs)} ms`, event])
  const served = `${formatNumber(servedAfterSignal)} requests that began after the signal were served`
  return `restart ${number}, ${instance}: ${served}\n${indent(formatTable(rows, ['right', 'left']))}`
}

/** The restart worth looking at: the one that lost most, else the one that took neither long nor short. */
export function chooseRestart(restarts: readonly RestartResult[]): RestartResult | undefined {
  const byLoss = restarts.toSorted((a, b) => b.lost - a.lost)
  if (byLoss[0] && byLoss[0].lost > 0) return byLoss[0]
  return restarts.toSorted((a, b) => a.stopMs - b.stopMs)[Math.floor(restarts.length / 2)]
}

export function formatExit({ forced, exitCode, exitSignal }: RestartResult): string {
  if (forced) return 'by force'
  return exitSignal ?? String(exitCode)
}

function formatTraffic({ traffic, rows, leftOut, durationMs }: DrillReport): string {
  const counted = (name: string, value: number, note = ''): string[] => [name, formatNumber(value), note]
  const lines = [
    counted(
      'requests',
      traffic.requests,
      `${formatNumber(traffic.gets)} GET, ${formatNumber(traffic.posts)} POST`,
    ),
    counted('lost', traffic.lost),
    ...losses.map((loss) => counted(`  ${lossNames[loss]}`, traffic.outcomes[loss])),
  ]
  if (rows) {
    lines.push(
      counted(
        'POSTs answered',
        rows.answered,
        `${formatNumber(rows.storedUnanswered)} more stored, but not answered`,
      ),
      counted('  missing afterwards', rows.missing.length),
      counted('  stored twice', rows.duplicates.length),
    )
  }
  const table = formatTable(lines, ['left', 'right', 'left'])
  const notes = leftOut.map((what) => `Left out: ${what}`)
  return [`In ${formatSeconds(durationMs)}:`, indent(table), ...notes].join('\n')
}

function formatRestarts(restarts: readonly RestartResult[]): string {
  const header = ['restart', 'instance', 'exit code', 'signal to exit', 'start to ready', 'requests', 'lost']
  const rows = restarts.map((result) => [
    String(result.number),
    result.instance.replace('instance ', ''),
    formatExit(result),
    `${formatNumber(result.stopMs)} ms`,
    `${formatNumber(result.startMs)} ms`,
    formatNumber(result.requests),
    formatNumber(result.lost),
  ])
  return formatTable(
    [header, ...rows],
    header.map(() => 'right'),
  )
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
