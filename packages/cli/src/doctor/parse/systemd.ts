import type { Place } from '../finding.js'
import type { Text } from './text.js'

/** One assignment of a unit file. */
export interface Assignment {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly at: Place
}

/** The assignments of a unit file in order, as systemd.syntax(7) has it: sections, comments, and lines that go on after a backslash. */
export function parseUnit({ content, at }: Text): readonly Assignment[] {
  const assignments: Assignment[] = []
  let section = ''
  let offset = 0
  while (offset < content.length) {
    const { line, next } = logicalLine(content, offset)
    const text = line.trim()
    const equals = text.indexOf('=')
    if (text.startsWith('[') && text.endsWith(']')) section = text.slice(1, -1)
    else if (equals > 0 && !/^[#;]/.test(text))
      assignments.push({
        section,
        key: text.slice(0, equals).trimEnd(),
        value: text.slice(equals + 1).trimStart(),
        at: at(offset + line.search(/\S/)),
      })
    offset = next
  }
  return assignments
}

/** A line with those it goes on in; comments in between do not count. */
function logicalLine(content: string, start: number): { line: string; next: number } {
  const parts: string[] = []
  let offset = start
  for (;;) {
    const end = content.indexOf('\n', offset)
    const raw = content.slice(offset, end === -1 ? undefined : end).replace(/\r$/, '')
    offset = end === -1 ? content.length : end + 1
    const isComment = /^\s*[#;]/.test(raw)
    if (isComment && parts.length > 0) {
      if (end === -1) break
      continue
    }
    const goesOn = !isComment && raw.endsWith('\\')
    parts.push(goesOn ? raw.slice(0, -1) : raw)
    if (!goesOn || end === -1) break
  }
  return { line: parts.join(' '), next: offset }
}
