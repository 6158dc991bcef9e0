import { fileURLToPath } from 'node:url'
import { startCommand, type Command } from '@lastcall/testing'
import type { DrillReport } from '#src/drill/report.js'

const main = fileURLToPath(import.meta.resolve('#src/main.js'))

export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))
}

export interface Output {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line to its end. */
export async function runLastcall(...args: readonly string[]): Promise<Output> {
  const { code, stdout, stderr } = await startLastcall({}, ...args).ended
  return { exitCode: code, stdout, stderr }
}

/** Starts the command line without waiting for its end. */
export const startLastcall = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Command =>
  startCommand([process.execPath, main, ...args], { env })

/** Few clients and short slow requests: what a fixture is good for shows in one or two restarts. */
export const small: readonly string[] = ['--clients', '7', '--slow', '/slow?ms=300']

/** Drills one fixture and reads the report. */
export async function drillFixture(
  name: string,
  ...args: readonly string[]
): Promise<Output & { report: DrillReport }> {
  const output = await runLastcall(
    'drill',
    ...small,
    ...args,
    '--json',
    '--',
    process.execPath,
    fixture(name),
  )
  return { ...output, report: JSON.parse(output.stdout) }
}
