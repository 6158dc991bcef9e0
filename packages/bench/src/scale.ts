// Thousands of idle connections on one process: how long their shutdown takes, and whether they are closed evenly.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { medianOf } from './cost/interval.js'
import { describeMachine, measureIdle } from './machine.js'
import { formatTable } from './markdown.js'
import { drawCloses } from './scale/draw-closes.js'
import { checkFileLimit } from './scale/file-limit.js'
import { drainOnce } from './scale/run.js'
import type { Drain } from './scale/run.js'
import { explain, formatRow, head, judge } from './scale/summary.js'
import { formatSeconds } from './summary.js'

const { values: flags } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    /** That of Kubernetes. Last Call closes within a twelfth of it. */
    grace: { type: 'string', default: '30000' },
    write: { type: 'boolean', default: false },
  },
})
const connections = Number(flags.connections)
/** The peak that is allowed, as a multiple of an even spread. */
const target = 1.5

checkFileLimit(connections)
const ours = { name: 'Last Call', app: 'node-http', all: [] as Drain[] }
const control = { name: 'control: server.close()', app: 'plain-close', all: [] as Drain[] }
const peers = ['http-terminator', 'terminus'].map((name) => ({
  name,
  app: `peers/${name}`,
  all: [] as Drain[],
}))
const measured = [ours, control, ...peers]
const idle = measureIdle()
for (let run = 1; run <= Number(flags.runs); run++) {
  for (const { name, app, all } of measured) {
    const drain = await drainOnce(app, connections, Number(flags.grace))
    all.push(drain)
    console.error(`${name}: run ${run}, exit after ${formatSeconds(drain.exitMs)}`)
  }
}

const spreadMs = medianOf(ours.all.flatMap((drain) => drain.spreadMs ?? []))
const crowd = { connections, spreadMs }
const about = `${describeMachine()} · processors ${Math.round(idle() * 100)} % idle`
const table = formatTable([head, ...measured.map((drains) => formatRow(drains, crowd))])
console.log(`\n${table}\n\n${about}`)
if (flags.write) write()
const failures = judge(ours, control, crowd, target)
for (const failure of failures) console.log(`FAILED: ${failure}`)
if (failures.length === 0)
  console.log(`Last Call closes evenly, with no peak above ${target}; the control does not.`)
process.exitCode = failures.length === 0 ? 0 : 1

function write(): void {
  const first = Math.min(...(ours.all[0]?.closes ?? []))
  const evenly = Array.from({ length: 101 }, (_, percent) => first + (spreadMs * percent) / 100)
  const even = { name: 'an even spread', times: evenly, ideal: true }
  const curves = measured.map(({ name, all }) => ({ name, times: all[0]?.closes ?? [] }))
  writeFileSync(new URL('../results/scale.svg', import.meta.url), drawCloses([even, ...curves]))
  const given = process.argv.slice(2).filter((argument) => argument !== '--write')
  const command = ['pnpm --filter @lastcall/bench scale', ...given].join(' ')
  const text = explain(crowd, ours.all.length)
  writeFileSync(
    new URL('../results/scale.md', import.meta.url),
    `# Thousands of idle connections\n\n${about}\n\n\`${command}\`\n\n${text}\n\n${table}\n\n![Share of the connections closed over time](scale.svg)\n`,
  )
}
