/** Of a terminal that nobody has made wider. */
const widest = 80

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
