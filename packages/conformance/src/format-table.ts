import type { Case } from './case.js'
import type { Result } from './results.js'
import type { Protocol, Subject } from './subject.js'

/** By Node version. */
export type Results = ReadonlyMap<string, readonly Result[]>

/** Case × subject × protocol, as Markdown; the same results always give the same text. */
export function formatTable(cases: readonly Case[], subjects: readonly Subject[], results: Results): string {
  const columns = subjects.flatMap((subject) => subject.protocols.map((protocol) => ({ subject, protocol })))
  const heads = columns.map(({ subject, protocol }) => `${subject.name}, ${protocol}`)
  return [
    `Node ${[...results.keys()].join(', ')}.`,
    '',
    row(['what has to hold', ...heads, 'without Last Call']),
    row(['---', ...heads.map(() => '---'), '---']),
    ...cases.map((one) =>
      row([
        one.name,
        ...columns.map(({ subject, protocol }) => verdict(one, subject, protocol, results)),
        control(one, results),
      ]),
    ),
    '',
  ].join('\n')
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function verdict(one: Case, subject: Subject, protocol: Protocol, results: Results): string {
  if (!one.protocols.includes(protocol)) return ''
  if (one.needs !== undefined && !subject.features?.includes(one.needs)) return 'not yet'
  const seen = [...results].map(([version, lines]) => {
    const last = lines.findLast(
      (line) =>
        line.kind === 'case' &&
        line.name === one.name &&
        line.subject === subject.name &&
        line.protocol === protocol,
    )
    return { version, holds: last?.kind === 'case' ? last.holds : undefined }
  })
  const on = (holds: boolean | undefined): string =>
    seen
      .filter((run) => run.holds === holds)
      .map(({ version }) => version.replace(/\..*/, ''))
      .join(', ')
  if (on(false)) return `**no** on ${on(false)}`
  if (!on(true)) return 'not run'
  return on(undefined) ? `holds on ${on(true)}` : 'holds'
}

/** What was seen of the controls, in the order in which the case lists it. */
function control({ name, control: { kind = 'close', because, instead } }: Case, results: Results): string {
  const lines = [...results.values()].flat().filter((line) => line.name === name && line.kind === 'control')
  const seen = Object.keys(instead).filter((words) =>
    lines.some((line) => line.kind === 'control' && line.seen === words),
  )
  const what = seen.length === 0 ? 'not run' : `${subjectsOfControls[kind]} ${seen.join(', or ')}`
  return because === undefined ? what : `${what} (${because})`
}

const subjectsOfControls = {
  close: 'a plain close',
  exit: 'an exit at once',
  nothing: 'a process that knows no signal',
  goaway: 'one GOAWAY at once',
}
