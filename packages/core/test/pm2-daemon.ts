import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LogLine } from '@lastcall/testing'
import type { Test } from 'tap'

const run = promisify(execFile)
const version = '7.0.4'
const installed = fileURLToPath(new URL(`../../../.cache/pm2-${version}`, import.meta.url))
const script = join(installed, 'node_modules/pm2/bin/pm2')

/** A PM2 of its own, with its daemon. */
export interface Pm2 {
  /** Settles when the command has ended; rejects with its output when it fails. */
  do(...command: string[]): Promise<void>
  /** What its apps have written to stdout. */
  stdout(): string
  /** What Last Call has said in all of them. */
  log(): LogLine[]
  /** Settles when it holds; looked at whenever something is written. */
  until(isIt: () => boolean): Promise<void>
}

let installation: Promise<void> | undefined

/** Not a dependency: PM2 is under the AGPL, and brings 76 other packages. */
async function install(): Promise<void> {
  if (existsSync(installed)) return
  mkdirSync(dirname(installed), { recursive: true })
  // in its place when it is whole
  const prefix = mkdtempSync(`${installed}-`)
  const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', ...options, '--prefix', prefix, `pm2@${version}`])
  renameSync(prefix, installed)
}

/** Installs PM2 on first use. Its daemon is ended with the test, and if that never ends, with the process. */
export async function startPm2(t: Test, env: Readonly<Record<string, string>>): Promise<Pm2> {
  await (installation ??= install())
  const home = mkdtempSync(join(tmpdir(), 'pm2-'))
  // emptied, since the daemon hands what it has to the apps
  const variables = Object.entries({ PATH: process.env['PATH'], PM2_HOME: home, ...env }).map(
    ([key, value]) => `${key}=${value}`,
  )
  const pm2 = async (...command: string[]): Promise<void> => {
    await run('env', ['-i', ...variables, process.execPath, script, ...command])
  }
  // at once, and its apps with it: workers of a cluster end with their primary
  const end = (): void => {
    const file = join(home, 'pm2.pid')
    if (existsSync(file)) process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL')
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', end)
  t.teardown(() => {
    process.removeListener('exit', end)
    end()
  })
  const written = (name: string): string =>
    readdirSync(join(home, 'logs'))
      .filter((file) => file.includes(`-${name}-`))
      .map((file) => readFileSync(join(home, 'logs', file), 'utf8'))
      .join('')
  return {
    do: pm2,
    stdout: () => written('out'),
    log: () =>
      written('error')
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as LogLine),
    async until(isIt) {
      const watcher = watch(join(home, 'logs'))
      while (!isIt()) await once(watcher, 'change')
      watcher.close()
    },
  }
}
