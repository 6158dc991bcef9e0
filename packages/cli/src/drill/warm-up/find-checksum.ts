import { createHash } from 'node:crypto'
import type { Target } from '../target.js'
import { ask } from '../traffic/ask.js'
import type { Message } from '../traffic/message.js'

/** The SHA-256 of what is answered everywhere and each time; undefined when answers differ. */
export async function findChecksum(
  targets: readonly Target[],
  message: Message,
): Promise<string | undefined> {
  const sums = new Set<string>()
  for (const target of [...targets, ...targets]) {
    const { body } = await ask(target, message)
    sums.add(createHash('sha256').update(body).digest('hex'))
  }
  const [sum] = sums
  return sums.size === 1 ? sum : undefined
}
