import { open } from 'node:fs/promises'

/** Nothing that is looked for is as long: what goes on without an end is no line. */
const longestLine = 1_048_576

/** The lines of a log, of any length in all, or of standard input for `-`. */
export async function* readLines(file: string): AsyncGenerator<string> {
  const handle = file === '-' ? undefined : await open(file)
  try {
    yield* linesOf(handle?.createReadStream({ autoClose: false }) ?? process.stdin)
  } finally {
    await handle?.close()
  }
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // others may have written into it, in whatever encoding
  const decoder = new TextDecoder()
  let begun = ''
  for await (const chunk of stream) {
    const lines = (begun + decoder.decode(chunk, { stream: true })).split('\n')
    begun = lines.pop() ?? ''
    if (begun.length > longestLine) begun = ''
    yield* lines
  }
  yield begun
}
