import { longestTimerMs } from './clock.js'
import { badOption } from './errors.js'

/** What one option may be: in words, for whoever gave something else, and as a test. */
export interface Rule {
  readonly allowed: string
  readonly fits: (value: unknown) => boolean
}

export const flag: Rule = { allowed: 'true or false', fits: (value) => typeof value === 'boolean' }

export const callback: Rule = { allowed: 'a function', fits: (value) => typeof value === 'function' }

export const duration = (min: number): Rule => ({
  allowed: `a number of ms from ${min} to ${longestTimerMs}`,
  fits: (value) => typeof value === 'number' && value >= min && value <= longestTimerMs,
})

export const oneOf = (values: readonly unknown[]): Rule => ({
  allowed: `one of: ${values.join(', ')}`,
  fits: (value) => values.includes(value),
})

/** For several options under one name, which have rules of their own. */
export const group: Rule = {
  allowed: 'false or an object',
  fits: (value) => value === false || (typeof value === 'object' && value !== null),
}

/**
 * Throws `ERR_LASTCALL_OPTION` for the first option that has no rule or does not follow it; `undefined` means not given.
 * The options of a group are called by its name, too.
 */
export function checkOptions(
  options: unknown,
  rules: Readonly<Record<string, Rule>>,
  groupName?: string,
): void {
  checkNames(options, Object.keys(rules), groupName)
  for (const [name, { allowed, fits }] of Object.entries(rules)) {
    const value = options[name]
    if (value !== undefined && !fits(value)) throw badOption(fullName(name, groupName), value, allowed)
  }
}

/** The same for names alone. */
export function checkNames(
  options: unknown,
  names: readonly string[],
  groupName?: string,
): asserts options is Readonly<Record<string, unknown>> {
  if (typeof options !== 'object' || options === null)
    throw badOption(groupName ?? 'options', options, groupName === undefined ? 'an object' : group.allowed)
  for (const [name, value] of Object.entries(options))
    if (!names.includes(name)) throw badOption(fullName(name, groupName), value, oneOf(names).allowed)
}

const fullName = (name: string, groupName?: string): string =>
  groupName === undefined ? name : `${groupName}.${name}`
