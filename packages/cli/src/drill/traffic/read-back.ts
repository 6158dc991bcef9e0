import { DrillError } from '../drill-error.js'
import type { Target } from '../target.js'
import { ask } from './ask.js'
import type { Ledger, LedgerResult } from './ledger.js'
import type { Message } from './message.js'

/** Reads the list of each instance's database, and compares them with what the clients were told. */
export async function readBack(
  ledger: Ledger,
  targets: readonly Target[],
  { path, headers }: Pick<Message, 'path' | 'headers'>,
): Promise<LedgerResult> {
  const lists = await Promise.all(
    targets.map(async (target) => {
      const { status, body } = await ask(target, { method: 'GET', path, headers })
      if (status !== 200)
        throw new DrillError(`GET ${path} answered ${status} after the restarts (${target.name})`)
      return body.toString()
    }),
  )
  // Instances that list exactly the same share one database.
  return ledger.compare([...new Set(lists)])
}
