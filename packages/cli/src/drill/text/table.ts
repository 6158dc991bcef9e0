export type Align = 'left' | 'right'

/** Lays rows out in columns two spaces apart. */
export function formatTable(rows: readonly (readonly string[])[], align: readonly Align[]): string {
  const widths = align.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return align[column] === 'right' ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** 21412 as 21,412. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US')
}

export function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

const widest = 100

/** Breaks a text between its words; what follows the first line is two further to the right. */
export function wrap(text: string, indent: string): string {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > widest) {
      lines.push(line)
      line = `${indent}  ${word}`
    } else {
      line += line === indent ? word : ` ${word}`
    }
  }
  return [...lines, line].join('\n')
}
