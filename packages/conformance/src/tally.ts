import type { RawResponse } from './response-parser.js'

/** In a word: its status, or how it was lost. */
export async function outcomeOf(response: Promise<RawResponse>): Promise<string> {
  try {
    return String((await response).status)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code ?? message.split(' ')[0] ?? ''
  }
}

/** How often each outcome came. */
export async function tally(responses: readonly Promise<RawResponse>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of await Promise.all(responses.map(outcomeOf)))
    counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
