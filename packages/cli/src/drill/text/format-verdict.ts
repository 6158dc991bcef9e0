import type { Finding } from '../checks/finding.js'
import type { DrillReport } from '../report.js'
import { formatNumber, wrap } from './table.js'

const headings = [
  ['failed', 'What failed'],
  ['warning', 'What may go wrong'],
  ['unchecked', 'What could not be checked'],
] as const

/** What a newcomer has to know, then what was found, the worst first. */
export function formatVerdict(report: DrillReport): string {
  const { findings } = report
  const groups = headings.flatMap(([verdict, heading]) => {
    const group = findings.filter((finding) => finding.verdict === verdict)
    return group.length === 0 ? [] : [[`${heading}:`, ...mergeAlike(group).map(formatFinding)].join('\n')]
  })
  const passed = findings.filter(({ verdict }) => verdict === 'passed').map(({ code }) => code)
  if (passed.length > 0) groups.push(`What is fine:\n${wrap(passed.join(', '), '  ')}`)
  return [summarise(report), ...groups].join('\n\n')
}

/** The whole result in one sentence. */
export function summarise({ passed, findings, traffic, restarts }: DrillReport): string {
  const times = restarts.length === 1 ? '1 restart' : `${formatNumber(restarts.length)} restarts`
  const requests = formatNumber(traffic.requests)
  if (traffic.lost > 0)
    return `Failed: ${formatNumber(traffic.lost)} of ${requests} requests were lost in ${times}`
  if (passed) return `Passed: none of ${requests} requests was lost in ${times}`
  const failed = findings.filter(({ verdict }) => verdict === 'failed')
  const checks = failed.length === 1 ? '1 check' : `${failed.length} checks`
  return `Failed: none of ${requests} requests was lost in ${times}, but ${checks} failed`
}

/** Findings for one and the same reason are told once. */
function mergeAlike(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding>()
  for (const finding of findings) {
    const { code, title, evidence, advice } = finding
    const key = JSON.stringify([title, evidence, advice])
    const first = merged.get(key)
    merged.set(key, first ? { ...first, code: `${first.code}, ${code}` } : finding)
  }
  return [...merged.values()]
}

function formatFinding({ code, title, evidence, advice }: Finding): string {
  const lines = [wrap(`${code}: ${title}`, '  '), ...evidence.map((line) => wrap(`- ${line}`, '    '))]
  if (advice !== undefined) lines.push(wrap(`> ${advice}`, '    '))
  return lines.join('\n')
}
