import type { Place } from '../finding.js'

/** A file's text, and where in it an offset is. */
export interface Text {
  readonly file: string
  readonly content: string
  at(offset: number): Place
}

export function createText(file: string, content: string): Text {
  let starts: number[] | undefined
  return {
    file,
    content,
    at(offset) {
      starts ??= lineStarts(content)
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        if ((starts[middle] ?? 0) <= offset) low = middle
        else high = middle - 1
      }
      return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
    },
  }
}

function lineStarts(content: string): number[] {
  const starts = [0]
  for (let at = content.indexOf('\n'); at !== -1; at = content.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
