// What a guardian in a worker costs, beside one that is a timer: memory and time, from the trigger to the exit.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine } from './machine.js'
import { formatTable } from './markdown.js'

const runs = 20
const guardians = ['timer', 'worker'] as const

interface Measured {
  readonly beginMs: number
  readonly onlineMs: number
  readonly before: number
  readonly added: number
  readonly exitMs: number
}

async function run(guardian: string): Promise<Measured> {
  const app = fileURLToPath(new URL('apps/guarded.js', import.meta.url))
  const child = spawn(process.execPath, [app, guardian], { stdio: ['ignore', 'pipe', 'inherit'] })
  const output = text(child.stdout)
  await once(child.stdout, 'data')
  const saidAt = performance.now()
  await once(child, 'exit')
  return { ...(JSON.parse(await output) as Omit<Measured, 'exitMs'>), exitMs: performance.now() - saidAt }
}

const results = { timer: [] as Measured[], worker: [] as Measured[] }
for (let round = 0; round < runs; round += 1) {
  for (const guardian of guardians) results[guardian].push(await run(guardian))
}

const row = (what: string, unit: string, key: keyof Measured): string[] => [
  what,
  ...guardians.map((guardian) => {
    const values = results[guardian].map((measured) => measured[key]).sort((a, b) => a - b)
    const at = (share: number): string => (values[Math.floor((values.length - 1) * share)] ?? 0).toFixed(1)
    return `${at(0.5)} (${at(0)}–${at(1)}) ${unit}`
  }),
]
const table = formatTable([
  ['median (least–most)', ...guardians],
  row('resident memory in `running`', 'MB', 'before'),
  row('added to it in a shutdown', 'MB', 'added'),
  row('`begin` returns after', 'ms', 'beginMs'),
  row('the worker runs after', 'ms', 'onlineMs'),
  row('from the last hold to the exit', 'ms', 'exitMs'),
])
const report = `# What a guardian in a worker costs

${describeMachine()}

\`pnpm --filter @lastcall/bench guardian\`: ${runs} shutdowns each, in turn.

${table}
`
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
if (values.write) writeFileSync(new URL('../results/guardian.md', import.meta.url), report)
process.stdout.write(report)
