import { open } from 'node:fs/promises'
import { createText, type Text } from '../parse/text.js'

/** More than any manifest that people write; what a program has bundled should be split. */
const longestFile = 1_048_576

export type Input =
  | { readonly text: Text }
  | { readonly fault: 'unreadable' | 'too-large'; readonly message: string }

/** A name can be seen even if it is empty, as that of a variable that is not set. */
export const shownName = (file: string): string => (file === '-' ? '<stdin>' : file || "''")

/** Reads a file, or standard input for `-`, and no more of it than is allowed. */
export async function readInput(file: string): Promise<Input> {
  let bytes: Buffer
  try {
    bytes = file === '-' ? await readStream(process.stdin) : await readFile(file)
  } catch (error) {
    return { fault: 'unreadable', message: unreadable(error) }
  }
  if (bytes.length > longestFile)
    return { fault: 'too-large', message: `Longer than ${longestFile} bytes: not read.` }
  try {
    const content = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!content.includes('\0')) return { text: createText(shownName(file), content) }
  } catch {
    // said below
  }
  const isUtf16 = bytes.length > 1 && ['fffe', 'feff'].includes(bytes.toString('hex', 0, 2))
  return {
    fault: 'unreadable',
    message: `This is no text in UTF-8${isUtf16 ? ', but in UTF-16, as the shell of Windows writes it' : ''}.`,
  }
}

async function readFile(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    return await readStream(handle.createReadStream({ end: longestFile, autoClose: false }))
  } finally {
    await handle.close()
  }
}

async function readStream(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
    if (length > longestFile) break
  }
  return Buffer.concat(chunks)
}

/** In a sentence. */
export const unreadable = (error: unknown): string => `Cannot be read: ${reason(error)}.`

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'not allowed'
  if (code === 'ELOOP') return 'its symbolic links lead in a circle'
  if (code === 'EISDIR') return 'it is a directory'
  return message
}
