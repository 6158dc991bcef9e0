import { inspect, isDeepStrictEqual } from 'node:util'

/** Throws unless both are the same, saying what was looked at. */
export function expect(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return
  throw new Error(`${what}: ${inspect(actual)} instead of ${inspect(expected)}`)
}
