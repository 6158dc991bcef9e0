// What a graceful shutdown costs as long as nobody shuts down: processor time, memory, start-up and weight.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleSize } from './cost/bundle-size.js'
import { frameworks } from './cost/frameworks.js'
import type { Framework } from './cost/frameworks.js'
import { measureIdleMemory } from './cost/idle-memory.js'
import { measureImports } from './cost/import-time.js'
import { installedPackages } from './cost/installed-packages.js'
import { formatMemory, formatProcessor, formatWeights } from './cost/overhead-tables.js'
import type { Weight } from './cost/overhead-tables.js'
import { judgeProcessor, measureProcessor } from './cost/processor.js'
import { describeMachine, installedVersion, measureIdle } from './machine.js'

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '30' },
    /** Of these frameworks. */
    only: { type: 'string', default: frameworks.map(({ name }) => name).join(',') },
    /** Of these parts. */
    parts: { type: 'string', default: 'processor,memory,weight' },
    write: { type: 'boolean', default: false },
  },
})
/** The least that the ratio may be, with 95 % confidence. */
const mostRatio = 1.02
const effort = { connections: 10, warmUp: 10_000, rounds: 4, perWindow: 2_000 }
const memory = { runs: 10, connections: 2_000 }
const importRuns = 20

const explainProcessor = `${flags.pairs} pairs. A pair is a new process of the bare framework and one of this, measured in ${effort.rounds} rounds of windows: bare, this,
this, bare. A window is ${effort.perWindow} requests for two letters over ${effort.connections} keep-alive connections from another process, which keeps the
app busy all the time; each process has answered ${effort.warmUp} before, and all have loaded the same modules. Medians of all pairs, with the
interval of the sign test. Who counts requests knows at any time which connections may be closed; who does not asks Node's internals
at the end, or cuts.`

const explainMemory = `Bytes per connection: ${memory.connections} that have asked once, after a full collection of garbage, less the same process without them;
${memory.runs} processes of each, in turn. *Added*: less the bare framework's.`

const explainWeight = `*Packages*: what an installation brings, itself included; frameworks and other peer dependencies are the app's. *Minified*: one bundle of
everything that it exports, the framework left out; *gzipped* with level 9. *Import*: median of ${importRuns} fresh processes that have loaded
the framework already, in turn, less that of importing nothing.`

const wanted = frameworks.filter(({ name }) => flags.only.split(',').includes(name))
const parts = flags.parts.split(',')
const failures: string[] = []
const idle = measureIdle()
const sections: string[] = []
if (parts.includes('processor')) await addProcessor()
if (parts.includes('memory')) await addMemory()
if (parts.includes('weight')) await addWeight()
report()

async function addProcessor(): Promise<void> {
  add('Processor time of a request', explainProcessor)
  for (const framework of wanted) {
    const onPair = (pair: number): void => console.error(`${framework.name}: pair ${pair}`)
    const results = await measureProcessor(framework, { pairs: Number(flags.pairs), effort, onPair })
    failures.push(...judgeProcessor(results, mostRatio).map((failure) => `${framework.name}: ${failure}`))
    add('', `${framework.name}:\n\n${formatProcessor(results)}`)
  }
}

async function addMemory(): Promise<void> {
  add('An idle connection', explainMemory)
  for (const framework of wanted) {
    console.error(`${framework.name}: memory`)
    add('', `${framework.name}:\n\n${formatMemory(await measureIdleMemory(framework, memory))}`)
  }
}

async function addWeight(): Promise<void> {
  console.error('weight')
  const imports = await measureImports(wanted, importRuns)
  const room = fileURLToPath(new URL('..', import.meta.url))
  const weigh = async ({ packages, ours, peers }: Framework): Promise<Weight[]> => {
    const products = [ours, ...peers]
    return Promise.all(
      products.map(async (product) => ({
        product,
        packages: installedPackages(product.packageName, room).size,
        size: await bundleSize(product.modules, { external: packages, resolveDir: room }),
        imported: imports.get(product) ?? { ms: Number.NaN, processorMs: Number.NaN },
      })),
    )
  }
  const weights = (await Promise.all(wanted.map(weigh))).flat()
  add('Weight', explainWeight)
  add('', formatWeights(weights))
}

function add(title: string, text: string): void {
  const section = title === '' ? text : `## ${title}\n\n${text}`
  sections.push(section)
  console.log(`\n${section}`)
}

function report(): void {
  const packages = wanted.flatMap(({ ours, peers }) => [ours, ...peers].map(({ packageName }) => packageName))
  const versions = [...new Set(packages)]
    .filter((name) => !name.startsWith('@lastcall/'))
    .map((name) => `${name} ${installedVersion(name)}`)
  const frames = wanted.flatMap(({ packages: [name] }) => name ?? [])
  const about = `${describeMachine(frames)} · processors ${Math.round(idle() * 100)} % idle`
  console.log(`\n${about}`)
  if (flags.write) {
    const given = process.argv.slice(2).filter((argument) => argument !== '--write')
    const command = ['pnpm --filter @lastcall/bench overhead', ...given].join(' ')
    const head = `# What it costs in normal service\n\n${about}\n\n${versions.join(' · ')}\n\n\`${command}\``
    writeFileSync(new URL('../results/overhead.md', import.meta.url), `${[head, ...sections].join('\n\n')}\n`)
  }
  for (const failure of failures) console.log(`FAILED: ${failure}`)
  process.exitCode = failures.length === 0 ? 0 : 1
}
