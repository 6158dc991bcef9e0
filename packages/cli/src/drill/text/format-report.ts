import { wrap } from '../../wrap.js'
import type { DrillReport, RestartResult } from '../report.js'
import { losses } from '../traffic/tally.js'
import { formatExit } from './format-exit.js'
import { formatMs, formatNumber, formatSeconds } from './format-number.js'
import { formatVerdict } from './format-verdict.js'
import { lossNames } from './loss-names.js'
import { formatTable } from './table.js'

/** The report as text: what was sent, what was lost, each restart, one restart in detail, and the verdict. */
export function formatReport(report: DrillReport): string {
  const sections = [formatTraffic(report), formatRestarts(report.restarts)]
  const shown = chooseRestart(report.restarts)
  if (shown) sections.push(`Timeline of ${formatTimeline(shown)}`)
  sections.push(formatVerdict(report))
  return sections.join('\n\n')
}

export function formatTimeline({ number, instance, timeline, servedAfterSignal }: RestartResult): string {
  const rows = timeline.map(({ atMs, event }) => [formatMs(atMs), event])
  const served = `${formatNumber(servedAfterSignal)} requests that began after the signal were served`
  return `restart ${number}, ${instance}: ${served}\n${indent(formatTable(rows, ['right', 'left']))}`
}

/** The restart worth looking at: the one that lost most, else the one that took neither long nor short. */
export function chooseRestart(restarts: readonly RestartResult[]): RestartResult | undefined {
  const byLoss = restarts.toSorted((a, b) => b.lost - a.lost)
  if (byLoss[0] && byLoss[0].lost > 0) return byLoss[0]
  return restarts.toSorted((a, b) => a.stopMs - b.stopMs)[Math.floor(restarts.length / 2)]
}

function formatTraffic({ traffic, rows, asked, leftOut, durationMs }: DrillReport): string {
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
  const notes = [`Asked for: ${asked.join(', ')}`]
  if (leftOut.length > 0) {
    notes.push(
      `Left out: ${leftOut.join(', ')}`,
      'Name the paths of the app with --get, --post, --slow and --large.',
    )
  }
  return [`In ${formatSeconds(durationMs)}:`, indent(table), ...notes.map((note) => wrap(note, ''))].join(
    '\n',
  )
}

function formatRestarts(restarts: readonly RestartResult[]): string {
  const header = ['restart', 'instance', 'exit', 'signal to exit', 'start to ready', 'requests', 'lost']
  const rows = restarts.map((result) => [
    String(result.number),
    result.instance.replace('instance ', ''),
    formatExit(result),
    formatMs(result.stopMs),
    formatMs(result.startMs),
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
