import { randomUUID } from 'node:crypto'

/** What the databases hold, compared with what the clients were told. */
export interface LedgerResult {
  /** POSTs answered 2xx. */
  readonly answered: number
  /** Answered, yet in no database. */
  readonly missing: readonly string[]
  /** In the databases more than once. */
  readonly duplicates: readonly string[]
  /** Never answered 2xx, yet in a database: allowed, since the client does not know. */
  readonly storedUnanswered: number
}

/** Remembers every id that was posted, and which were answered. */
export interface Ledger {
  newId(): string
  answered(id: string): void
  /** @param lists one text per database, in any format in which the ids can be found */
  compare(lists: readonly string[]): LedgerResult
}

export function createLedger(): Ledger {
  const prefix = `drill-${randomUUID().slice(0, 8)}-`
  const answered = new Set<string>()
  let last = 0
  return {
    newId: () => prefix + String(++last),
    answered: (id) => void answered.add(id),
    compare(lists) {
      const stored = countIds(lists, prefix)
      return {
        answered: answered.size,
        missing: [...answered].filter((id) => !stored.has(id)),
        duplicates: [...stored].filter(([, times]) => times > 1).map(([id]) => id),
        storedUnanswered: [...stored.keys()].filter((id) => !answered.has(id)).length,
      }
    },
  }
}

function countIds(lists: readonly string[], prefix: string): Map<string, number> {
  const stored = new Map<string, number>()
  const ids = new RegExp(`${prefix}\\d+`, 'g')
  for (const list of lists) {
    for (const [id] of list.matchAll(ids)) stored.set(id, (stored.get(id) ?? 0) + 1)
  }
  return stored
}
