// What the defaults rest on: the same restarts with other ways and other times to let connections go.
// It can be interrupted at any time and goes on where it was.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { balancerNames, explainMissing, installMissing, lookInSbin } from './balancers/install.js'
import { formatSettings } from './defaults-table.js'
import { openJournal } from './journal.js'
import { describeMachine, measureIdle } from './machine.js'
import { runStacks } from './run-stacks.js'
import { planCells } from './variants.js'

const { values: flags } = parseArgs({
  options: {
    restarts: { type: 'string', default: '50' },
    /** Only cells whose title contains this. */
    only: { type: 'string', default: '' },
    concurrency: { type: 'string', default: '6' },
    journal: { type: 'string', default: 'defaults' },
    write: { type: 'boolean', default: false },
    /** Measures nothing: only the table of what has been measured. */
    table: { type: 'boolean', default: false },
  },
})
lookInSbin()
const journal = openJournal(flags.journal)
const cells = planCells(Number(flags.restarts))
if (!flags.table) await measure()
const table = formatSettings(cells, journal.entries)
console.log(`\n${table}`)
if (flags.write) write()

async function measure(): Promise<void> {
  const missing = installMissing(balancerNames)
  if (missing.length > 0) throw new Error(explainMissing(missing))
  const stacks = cells
    .map(({ stack }) => ({ ...stack, restarts: stack.restarts - journal.entries(stack.title).length }))
    .filter(({ title, restarts }) => restarts > 0 && title.includes(flags.only))
  let idle = measureIdle()
  await runStacks(stacks, {
    concurrency: Number(flags.concurrency),
    onRestart({ title }, restart) {
      journal.add({ title, restart, idle: idle() })
      idle = measureIdle()
      const count = journal.entries(title).length
      console.error(
        `${title}: restart ${count}, ${restart.lost.length} lost, exit after ${restart.stopMs} ms`,
      )
    },
  })
}

/** What was written below the tables by hand stays. */
function write(): void {
  const file = new URL('../results/defaults.md', import.meta.url)
  mkdirSync(new URL('.', file), { recursive: true })
  const old = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [, comment = ''] = old.split(/^(?=## )/m)
  const command = `pnpm --filter @lastcall/bench defaults --restarts ${flags.restarts}`
  const head = `# The measurements behind the defaults\n\n${describeMachine()}\n\n\`${command}\``
  writeFileSync(file, `${head}\n\n${table}\n\n${comment}`)
}
