import { fileURLToPath } from 'node:url'
import { startCommand, type Command } from '@lastcall/testing'
import type { Finding } from '#src/drill/checks/finding.js'
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

export interface Drilled extends Output {
  readonly report: DrillReport
}

/** Drills one fixture and reads the report. */
export const drillFixture = (name: string, ...args: readonly string[]): Promise<Drilled> =>
  drillApp([process.execPath, fixture(name)], ...small, ...args)

/** Drills any command and reads the report. */
export async function drillApp(command: readonly string[], ...args: readonly string[]): Promise<Drilled> {
  const output = await runLastcall('drill', ...args, '--json', '--', ...command)
  try {
    return { ...output, report: JSON.parse(output.stdout) }
  } catch {
    throw new Error(`There is no report, but exit code ${output.exitCode}: ${output.stderr}`)
  }
}

/** What the drill found, by code; what has passed is left out. */
export function problems({ findings }: DrillReport): Readonly<Record<string, Finding['verdict']>> {
  return Object.fromEntries(
    findings.filter(({ verdict }) => verdict !== 'passed').map(({ code, verdict }) => [code, verdict]),
  )
}
