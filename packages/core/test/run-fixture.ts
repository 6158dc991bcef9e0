import { fileURLToPath } from 'node:url'
import { startProgram, type Ended, type Program, type ProgramOptions } from '@lastcall/testing'
import type { Test } from 'tap'

export interface FixtureOptions extends ProgramOptions {
  readonly args?: readonly string[]
  /** Handed to Node, before the program. */
  readonly nodeArgs?: readonly string[]
}

/** The path of a program in `fixtures`. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))

export const startFixture = (
  t: Test,
  name: string,
  { args = [], nodeArgs = [], ...options }: FixtureOptions = {},
): Program => startProgram(t, [...nodeArgs, fixture(name), ...args], options)

/** Starts a fixture, waits for its line 'ready', sends the signal, and waits for the end. */
export async function runUntilSignal(
  t: Test,
  name: string,
  { signal = 'SIGTERM', ...options }: FixtureOptions & { readonly signal?: NodeJS.Signals } = {},
): Promise<Ended> {
  const program = startFixture(t, name, options)
  await program.line('ready')
  program.signal(signal)
  return program.ended
}
