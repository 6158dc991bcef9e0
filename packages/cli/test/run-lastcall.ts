import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DrillReport } from '#src/drill/report.js'

const main = fileURLToPath(import.meta.resolve('#src/main.js'))

export function fixture(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))
}

/** The environment without what tap puts into children: loaders, and signal listeners of its own. */
export function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'))
}

export interface Output {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line to its end. */
export function runLastcall(...args: readonly string[]): Promise<Output> {
  return new Promise((resolve) => {
    const options = { env: cleanEnv(), maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(process.execPath, [main, ...args], options, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr })
    })
  })
}

/** Starts the command line without waiting for its end. */
export function startLastcall(env: NodeJS.ProcessEnv, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    env: { ...cleanEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

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
