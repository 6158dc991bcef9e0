// Rolling deploys behind real balancers: ours must lose nothing, a plain close must lose something.
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { balancerNames, explainMissing, installMissing, lookInSbin } from './balancers/install.js'
import { mixed } from './crowds.js'
import { describeMachine, measureIdle } from './machine.js'
import { formatTable } from './markdown.js'
import { runStacks } from './run-stacks.js'
import type { App, Front, Restart, Stack } from './stack.js'
import { formatKinds, formatNumber, formatSeconds, summarise } from './summary.js'

const { values: flags } = parseArgs({
  options: {
    /** Restarts of each stack of ours; the control gets three, since each may take all of its grace period. */
    restarts: { type: 'string', default: '6' },
    only: { type: 'string', default: 'haproxy,nginx,direct' },
    concurrency: { type: 'string', default: '9' },
    write: { type: 'boolean', default: false },
  },
})
const graceMs = 10_000
const fronts: readonly Front[] = ['haproxy', 'nginx', 'direct']
const titles: Readonly<Record<App, string>> = {
  'node-http': 'Last Call on node:http',
  fastify: 'Last Call on Fastify',
  'plain-close': 'control: server.close()',
}
const isOurs = ({ app }: Stack): boolean => app !== 'plain-close'

const wanted = chooseFronts(flags.only)
const stacks = plan(wanted)
const results = new Map<Stack, Restart[]>(stacks.map((stack) => [stack, []]))
const idle = measureIdle()
const startedAt = performance.now()
await runStacks(stacks, {
  concurrency: Number(flags.concurrency),
  onRestart(stack, restart) {
    results.get(stack)?.push(restart)
    const lost = restart.lost.length
    if (!isOurs(stack)) console.error(`${stack.title}: restart ${restart.number}, ${lost} lost`)
    else if (isCostly(restart)) console.error(`${stack.title}: ${JSON.stringify(restart, null, 2)}`)
    else console.error(`${stack.title}: restart ${restart.number}, nothing lost`)
  },
})
report()

function chooseFronts(only: string): readonly Front[] {
  const chosen = fronts.filter((front) => only.split(',').includes(front))
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

function plan(chosen: readonly Front[]): readonly Stack[] {
  const apps = Object.keys(titles) as App[]
  return chosen.flatMap((front, place) =>
    apps.map((app, number) => ({
      title: `${front}, ${titles[app]}`,
      app,
      front,
      instances: front === 'direct' ? 2 : 3,
      restarts: app === 'plain-close' ? 3 : Number(flags.restarts),
      graceMs,
      crowd: mixed,
      seed: 1 + place * 10 + number,
    })),
  )
}

function report(): void {
  const rows = [...results].map(([stack, restarts]) => {
    const summary = summarise(restarts)
    return [
      stack.title,
      formatNumber(summary.restarts),
      formatNumber(summary.requests),
      formatNumber(summary.lostInAll),
      formatKinds(summary),
      summary.balancerErrors === undefined ? '–' : formatNumber(summary.balancerErrors),
      formatNumber(summary.badExits),
      formatSeconds(summary.stopMedianMs),
      formatSeconds(summary.stopMaxMs),
    ]
  })
  const head = [
    'stack',
    'restarts',
    'requests',
    'lost',
    'kinds',
    'balancer’s count',
    'exits ≠ 0',
    'median',
    'max',
  ]
  const table = formatTable([head, ...rows])
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  const about = `${describeMachine()} · ${seconds} s, processors ${Math.round(idle() * 100)} % idle`
  console.log(`\n${table}\n\n${about}`)
  if (flags.write) write(table, about)
  judge()
}

function isCostly({ lost, errors, exitCode, forced }: Restart): boolean {
  if (exitCode !== 0 || forced) return true
  return lost.length > 0 || (errors !== undefined && errors.connecting + errors.responding > 0)
}

function judge(): void {
  const ours = [...results].filter(([stack]) => isOurs(stack))
  const failures = ours.flatMap(([{ title }, restarts]) => {
    const costly = restarts.filter(isCostly).length
    return costly === 0 ? [] : [`${title}: ${costly} of ${restarts.length} restarts cost something`]
  })
  const control = [...results].filter(([stack]) => !isOurs(stack)).flatMap(([, restarts]) => restarts)
  if (control.every(({ lost }) => lost.length === 0))
    failures.push('the control lost nothing, so this run proves nothing')
  for (const failure of failures) console.log(`FAILED: ${failure}`)
  if (failures.length === 0) console.log('Last Call lost nothing; the control did.')
  process.exitCode = failures.length === 0 ? 0 : 1
}

function write(table: string, about: string): void {
  const directory = new URL('../results/', import.meta.url)
  const options = process.argv.slice(2).filter((argument) => argument !== '--write')
  const command = ['pnpm --filter @lastcall/bench rolling', ...options].join(' ')
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    new URL('rolling.md', directory),
    `# Rolling deploys behind real balancers\n\n${about}\n\n\`${command}\`\n\n${table}\n`,
  )
}
