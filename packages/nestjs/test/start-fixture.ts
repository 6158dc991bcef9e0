import { fileURLToPath } from 'node:url'
import { startProgram, type Program } from '@lastcall/testing'
import type { Test } from 'tap'
import type { Settings } from './fixtures/settings.js'

/** Starts a program of fixtures/. `args` are for Node. */
export function startFixture(
  t: Test,
  name: string,
  settings: Partial<Settings> = {},
  args: readonly string[] = [],
): Program {
  const file = fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))
  return startProgram(t, [...args, file], { env: { SETTINGS: JSON.stringify(settings) } })
}
