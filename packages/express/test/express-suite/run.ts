// Runs Express's own tests, from the checkout given by its path, without and with the middleware. See the README beside it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Results {
  readonly stats: { readonly passes: number; readonly failures: number; readonly pending: number }
  readonly failures: readonly { readonly fullTitle: string }[]
}

const [checkout] = process.argv.slice(2)
if (checkout === undefined) throw new Error('Usage: run.js CHECKOUT_OF_EXPRESS')
const preload = fileURLToPath(new URL('mount-first.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lastcall-express-suite-'))
const countsFile = join(folder, 'counts.json')

function run(title: string, mount?: 'nothing' | 'lastcall'): Results {
  const output = join(folder, 'results.json')
  const args = [
    ...['node_modules/mocha/bin/mocha.js', '--require', 'test/support/env', '--check-leaks'],
    ...(mount ? ['--require', preload] : []),
    ...['--reporter', 'json', '--reporter-option', `output=${output}`, 'test/', 'test/acceptance/'],
  ]
  const env = { ...process.env, MOUNT: mount, COUNTS_FILE: countsFile }
  spawnSync(process.execPath, args, {
    cwd: resolve(checkout ?? ''),
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const results = JSON.parse(readFileSync(output, 'utf8')) as Results
  const { passes, failures, pending } = results.stats
  console.log(`${title}: ${passes} passed, ${failures} failed, ${pending} pending`)
  return results
}

const bare = run('as they are')
const control = run('with a middleware that does nothing', 'nothing')
const { failures, stats } = run('with lastcall()', 'lastcall')
const { mounted, found } = JSON.parse(readFileSync(countsFile, 'utf8')) as { mounted: number; found: number }
console.log(`lastcall() was mounted on ${mounted} apps, and found the server of ${found}`)
for (const { fullTitle } of failures) console.log(`failed with lastcall(): ${fullTitle}`)
rmSync(folder, { recursive: true })

const known = [...bare.failures, ...control.failures].map(({ fullTitle }) => fullTitle)
const isGreen =
  failures.every(({ fullTitle }) => known.includes(fullTitle)) && stats.passes >= control.stats.passes
process.exitCode = isGreen && found > 0 ? 0 : 1
