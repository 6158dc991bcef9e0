import type { WriteStream } from 'node:tty'

/** A line that tells how things stand. */
export interface StatusLine {
  /** Rewrites the line on a terminal; elsewhere it shows nothing. */
  show(text: string): void
  /** Prints a line that stays, where no line can be rewritten; on a terminal it shows nothing. */
  log(text: string): void
  clear(): void
}

export function createStatusLine(stream: NodeJS.WriteStream): StatusLine {
  if (stream.isTTY) return onTerminal(stream)
  return { show() {}, log: (text) => void stream.write(`${text}\n`), clear() {} }
}

function onTerminal(stream: WriteStream): StatusLine {
  const rewrite = (text: string): void => {
    // Not up to the last column: a line that wraps cannot be rewritten. Some terminals say that they have none.
    const width = stream.columns > 0 ? stream.columns : 80
    stream.write(`\r\u001B[2K${text.slice(0, width - 1)}`)
  }
  return { show: rewrite, log() {}, clear: () => rewrite('') }
}
