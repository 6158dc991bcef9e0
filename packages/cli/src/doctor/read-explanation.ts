import type { Explanation } from '@lastcall/core/explain'

/** The line of a log that an app with `LASTCALL_EXPLAIN=1` wrote; prefixes of log collectors do not matter. */
export const readExplanation = (line: string): Explanation | undefined =>
  line.includes('"explain"') ? parse(line.slice(line.indexOf('{'), line.lastIndexOf('}') + 1)) : undefined

const names = ['gracePeriodMs', 'lameDuck.minMs', 'lameDuck.maxMs']

function parse(json: string): Explanation | undefined {
  try {
    const { explain } = JSON.parse(json) as { explain?: Explanation }
    const values: Partial<Explanation['values']> | undefined = explain?.values
    // what the rules read has to be there; the rest is for people
    const isWhole = names.every((name) =>
      Number.isFinite((values as Record<string, { ms?: unknown } | undefined> | undefined)?.[name]?.ms),
    )
    return isWhole ? explain : undefined
  } catch {
    return undefined
  }
}
