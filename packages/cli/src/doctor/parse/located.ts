import type { Place } from '../finding.js'
import type { Field } from './field.js'

/** A value and where it is written. */
export interface Located<T> {
  readonly value: T
  readonly at: Place
}

export const list = (field: Field | undefined): readonly Field[] => field?.items() ?? []

export function text(field: Field | undefined): Located<string> | undefined {
  const value = field?.text()
  return field && value !== undefined ? { value, at: field.at } : undefined
}

export function number(field: Field | undefined): Located<number> | undefined {
  const value = field?.number()
  return field && value !== undefined ? { value, at: field.at } : undefined
}

/** The texts of a map. */
export function texts(field: Field | undefined): ReadonlyMap<string, string> {
  return new Map(
    (field?.entries() ?? []).flatMap(([key, value]) => {
      const found = value.text()
      return found === undefined ? [] : [[key, found] as const]
    }),
  )
}
