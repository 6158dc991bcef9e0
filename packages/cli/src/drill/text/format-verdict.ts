import { wrap } from '../../wrap.js'
import type { Finding } from '../checks/finding.js'
import { mergeAlike } from '../checks/merge-alike.js'
import type { DrillReport } from '../report.js'
import { formatNumber } from './format-number.js'

const headings = [
  ['unchecked', 'What could not be checked'],
  ['warning', 'What may go wrong'],
  ['failed', 'What failed'],
] as const

/** What was found, the worst last, and then the verdict: that is where somebody who waits for it looks. */
export function formatVerdict(report: DrillReport): string {
  const { findings } = report
  const having = (verdict: Finding['verdict']): readonly Finding[] =>
    findings.filter((finding) => finding.verdict === verdict)
  const passed = having('passed').map(({ code }) => code)
  const fine = passed.length === 0 ? [] : [`What is fine:\n${wrap(passed.join(', '), '  ')}`]
  const others = headings.flatMap(([verdict, heading]) => {
    const group = mergeAlike(having(verdict))
    return group.length === 0 ? [] : [[`${heading}:`, ...group.map(formatFinding)].join('\n')]
  })
  return [...fine, ...others, summarise(report)].join('\n\n')
}

/** The whole result in one sentence. */
function summarise({ passed, findings, traffic, restarts }: DrillReport): string {
  const times = restarts.length === 1 ? '1 restart' : `${formatNumber(restarts.length)} restarts`
  const requests = formatNumber(traffic.requests)
  if (traffic.lost > 0)
    return `Failed: ${formatNumber(traffic.lost)} of ${requests} requests were lost in ${times}`
  if (passed) return `Passed: none of ${requests} requests was lost in ${times}`
  const failed = findings.filter(({ verdict }) => verdict === 'failed')
  const checks = failed.length === 1 ? '1 check' : `${failed.length} checks`
  return `Failed: none of ${requests} requests was lost in ${times}, but ${checks} failed`
}

function formatFinding({ code, title, evidence, advice }: Finding): string {
  const lines = [wrap(`${code}: ${title}`, '  '), ...evidence.map((line) => wrap(`- ${line}`, '    '))]
  if (advice !== undefined) lines.push(wrap(`> ${advice}`, '    '))
  return lines.join('\n')
}
