import type { Observed } from '../observation/observed.js'
import { formatNumber } from '../text/format-number.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { count } from './in-words.js'
import { judge, leaveUnchecked } from './judge.js'

const shown = 5

/** Whether what was answered is stored, and once. No finding when nothing was posted. */
export function checkStored(observed: Observed): readonly Finding[] {
  const { rows, unknown, traffic } = observed
  if (rows === undefined) {
    if (traffic.posts === 0 || unknown.stored === undefined) return []
    return ['stored-missing', 'stored-twice'].map((code) =>
      leaveUnchecked({
        code,
        title: 'It is not known whether what was posted is stored',
        why: unknown.stored ?? '',
        advice:
          'Let --post take JSON with an id, as in {"id":"…","item":"espresso","quantity":1}, without --body, and --list answer with the ids of everything stored.',
      }),
    )
  }
  const { answered, missing, duplicates } = rows
  return [
    judge({
      code: 'stored-missing',
      fine: 'Everything that was confirmed is stored',
      wrong: `${formatNumber(missing.length)} of ${count(answered, 'confirmed POST')} stored nothing`,
      advice: advise(
        observed,
        'Answer only when the transaction is committed, and write what is buffered before the process exits.',
        'Last Call releases resources after the last request, and waits for holds.',
      ),
      evidence: listIds(missing),
    }),
    judge({
      code: 'stored-twice',
      fine: 'Nothing is stored twice',
      wrong: `${count(duplicates.length, 'POST')} ${duplicates.length === 1 ? 'is' : 'are'} stored more than once`,
      advice:
        'No client of the drill sends anything twice, so the app does: make what it stores unique by the id, and let retries find out whether the first try was successful.',
      evidence: listIds(duplicates),
    }),
  ]
}

function listIds(ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return []
  const more = ids.length > shown ? ` and ${ids.length - shown} more` : ''
  return [`ids ${ids.slice(0, shown).join(', ')}${more}`]
}
