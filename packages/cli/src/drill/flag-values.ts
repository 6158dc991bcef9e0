import { InvalidArgumentError } from 'commander'

/** Timers take no more. */
const largest = 2_147_483_647

/** For timers, unless it is bounded. */
export function wholeNumber(atLeast: number, atMost: number = largest): (text: string) => number {
  const bounds = atMost === largest ? `of at least ${atLeast}` : `from ${atLeast} to ${atMost}`
  return (text) => {
    const value = Number(text)
    if (Number.isSafeInteger(value) && value >= atLeast && value <= atMost) return value
    throw new InvalidArgumentError(`It must be a whole number ${bounds}.`)
  }
}

export function variable(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text
  throw new InvalidArgumentError('It must be the name of an environment variable.')
}

/** May be given again: each is added to the others. */
export function header(
  line: string,
  given: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/.exec(line) ?? []
  if (name !== undefined && value !== undefined) return { ...given, [name.toLowerCase()]: value.trim() }
  throw new InvalidArgumentError("It must look like 'Name: value'.")
}

export function path(text: string): string {
  if (text.startsWith('/')) return text
  throw new InvalidArgumentError('It must begin with a slash.')
}
