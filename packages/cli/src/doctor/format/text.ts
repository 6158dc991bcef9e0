import { wrap } from '../../wrap.js'
import type { Finding } from '../finding.js'
import type { DoctorReport } from '../run-doctor.js'
import { count } from './verdict.js'

/** The findings of each file, and a line that sums up. */
export function formatText(report: DoctorReport): string {
  const files = [...new Set(report.findings.map(({ at }) => at.file))]
  const sections = files.map((file) => {
    const own = report.findings.filter(({ at }) => at.file === file)
    return [printable(file), ...own.map(formatFinding)].join('\n')
  })
  return [...sections, formatSummary(report)].join('\n\n')
}

const indent = ' '.repeat(10)

function formatFinding({ at, severity, code, message, arithmetic, fix }: Finding): string {
  const head = `  ${`${at.line}:${at.column}`.padEnd(8)}${severity.padEnd(9)}${code}`
  const lines = [wrap(message, indent), ...(arithmetic === undefined ? [] : [indent + arithmetic])]
  // Not wrapped: it may be pasted.
  const fixes =
    fix?.split('\n').map((line, index) => `${indent}${index === 0 ? 'fix: ' : '     '}${line}`) ?? []
  return printable([head, ...lines, ...fixes].join('\n'))
}

function formatSummary({ files, findings, isCut }: DoctorReport): string {
  const of = (outcome: string): string[] =>
    files.filter((file) => file.outcome === outcome).map(({ file }) => file)
  const lines = [
    `${plural(of('checked').length, 'file')} checked: ${(['error', 'warning', 'note'] as const).map((severity) => plural(count(findings, severity), severity)).join(', ')}`,
  ]
  const list = (names: readonly string[]): string =>
    `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`
  const fine = of('checked').filter((name) => findings.every(({ at }) => at.file !== name))
  if (fine.length > 0) lines.push(`Nothing is wrong with: ${list(fine)}`)
  const templates = of('template')
  if (templates.length > 0)
    lines.push(
      `Skipped, since Helm has to fill ${templates.length === 1 ? 'it' : 'them'} in first (helm template . | lastcall doctor -): ${list(templates)}`,
    )
  const unknown = of('unknown')
  if (unknown.length > 0)
    lines.push(`Nothing in ${unknown.length === 1 ? 'it' : 'them'} has a clock: ${list(unknown)}`)
  const failed = [...of('failed'), ...of('not-understood')]
  if (failed.length > 0) lines.push(`Could not be checked: ${list(failed)}`)
  if (isCut) lines.push('There are more files than are looked at: name those that matter.')
  return printable(lines.map((line) => wrap(line, '')).join('\n'))
}

const plural = (amount: number, what: string): string => `${amount} ${what}${amount === 1 ? '' : 's'}`

/** What a file says reaches a terminal here. */
const printable = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these are what must not get through
  text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '�')
