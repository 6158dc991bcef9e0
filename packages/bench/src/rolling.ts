// Rolling deploys behind real balancers: ours must lose nothing, a plain close must lose something.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { balancerNames, explainMissing, installMissing, lookInSbin } from './balancers/install.js'
import { chooseContenders } from './contenders.js'
import { forgetfulJournal, openJournal } from './journal.js'
import { isCostly, isUnclean, judgeRolling } from './judge-rolling.js'
import { describeMachine, measureIdle } from './machine.js'
import { planRolling } from './rolling-cells.js'
import { formatFronts } from './rolling-table.js'
import { runStacks } from './run-stacks.js'
import type { Front } from './stack.js'
import { average } from './summary.js'

const { values: flags } = parseArgs({
  options: {
    /** Groups (`ours`, `peers`, `all`) and names. */
    apps: { type: 'string', default: 'ours' },
    only: { type: 'string', default: 'haproxy,nginx,direct' },
    /** Of each stack; by default each instance once. */
    restarts: { type: 'string' },
    'restarts-others': { type: 'string' },
    concurrency: { type: 'string' },
    /** Goes on where it was interrupted, and keeps the result. */
    write: { type: 'boolean', default: false },
    journal: { type: 'string', default: 'rolling' },
    /** Measures nothing: only what is in the journal. */
    table: { type: 'boolean', default: false },
  },
})
const fronts: readonly Front[] = ['haproxy', 'nginx', 'direct']

const cells = planRolling({
  contenders: chooseContenders(flags.apps),
  fronts: flags.table ? chooseFronts(flags.only) : installFor(chooseFronts(flags.only)),
  restarts: readCount(flags.restarts),
  restartsOfOthers: readCount(flags['restarts-others']),
})
// more than a machine of two cores can carry for long, but a short run is over soon
const concurrency = readCount(flags.concurrency) ?? 8
const journal = flags.write || flags.table ? openJournal(flags.journal) : forgetfulJournal()
if (!flags.table) await measure()
report()

function chooseFronts(only: string): readonly Front[] {
  const chosen = fronts.filter((front) => only.split(',').includes(front))
  if (chosen.length === 0) throw new TypeError(`--only knows no ${only}, only ${fronts.join(', ')}`)
  return chosen
}

/** Those of them that there are. In CI all must be. */
function installFor(chosen: readonly Front[]): readonly Front[] {
  lookInSbin()
  const missing = installMissing(balancerNames.filter((name) => chosen.includes(name)))
  if (missing.length === 0) return chosen
  const explanation = explainMissing(missing)
  if (process.env['CI']) {
    console.error(`FAILED: ${explanation}`)
    process.exit(1)
  }
  console.error(`SKIPPED ${missing.join(' and ')}: ${explanation}`)
  return chosen.filter((front) => !missing.some((name) => name === front))
}

function readCount(flag: string | undefined): number | undefined {
  if (flag === undefined) return undefined
  if (!/^[1-9]\d*$/.test(flag)) throw new TypeError(`${flag} is not a count`)
  return Number(flag)
}

async function measure(): Promise<void> {
  const stacks = cells
    .map(({ stack }) => ({ ...stack, restarts: stack.restarts - journal.entries(stack.title).length }))
    .filter(({ restarts }) => restarts > 0)
    // the control without a balancer takes longest: in the end nobody waits for it
    .toReversed()
  const ours = new Set(
    cells.filter(({ contender }) => contender.kind === 'ours').map(({ stack }) => stack.title),
  )
  let idle = measureIdle()
  await runStacks(stacks, {
    concurrency,
    onRestart({ title }, restart) {
      journal.add({ title, restart, idle: idle() })
      idle = measureIdle()
      const { lost, stopMs } = restart
      const count = journal.entries(title).length
      console.error(`${title}: restart ${count}, ${lost.length} lost, exit after ${stopMs} ms`)
      if (ours.has(title) && (isCostly(restart) || isUnclean(restart)))
        console.error(JSON.stringify(restart, null, 2))
    },
  })
}

function report(): void {
  const entries = cells.flatMap(({ stack }) => journal.entries(stack.title))
  const measured = cells
    .map((cell) => ({
      ...cell,
      restarts: journal.entries(cell.stack.title).map(({ restart }) => restart),
    }))
    .filter(({ restarts }) => restarts.length > 0)
  const idle = Math.round(average(entries.map((entry) => entry.idle)) * 100)
  const about = `${describeMachine(['express', 'fastify', '@nestjs/core'])}, processors ${idle} % idle`
  const table = formatFronts(measured)
  const findings = judgeRolling(measured)
  const verdict = findings.map(({ text, fails }) => `- ${fails ? `**FAILED** ${text}` : text}`).join('\n')
  console.log(`\n${table}\n\n${about}\n\n${verdict}`)
  if (flags.write) write(table, about, verdict)
  process.exitCode = findings.some(({ fails }) => fails) ? 1 : 0
}

function write(table: string, about: string, verdict: string): void {
  const options = process.argv.slice(2).filter((argument) => argument !== '--table')
  const command = ['pnpm --filter @lastcall/bench rolling', ...options].join(' ')
  writeFileSync(
    new URL('../results/rolling.md', import.meta.url),
    `# Rolling deploys behind real balancers\n\n${about}\n\n\`${command}\`\n\n${table}\n\n## What ours is held to\n\n${verdict}\n`,
  )
}
