import { styleText } from 'node:util'
import { defaultPaths } from '../drill/options.js'
import type { DrillOptions } from '../drill/options.js'
import type { DrillReport } from '../drill/report.js'
import { runDrill } from '../drill/run-drill.js'
import { formatNumber } from '../drill/text/format-number.js'
import { chooseRestart, formatTimeline } from '../drill/text/format-report.js'
import { createStatusLine } from '../drill/text/status-line.js'
import type { DemoApp } from './apps.js'
import { formatComparison } from './compare.js'
import { prepareDatabase } from './prepare-database.js'
import { createScoreboard } from './scoreboard.js'

const ours = 'Last Call'
const restarts = 10
/** What an unconfigured Last Call takes. */
const graceMs = 10_000
/** What keeps the control from ending is a connection that never ends: more time would change nothing. */
const controlGraceMs = 5_000

const introduce = ({
  framework,
  ours: line,
  control,
  onSignal,
}: DemoApp): string => `One ${framework} app with a database, restarted ${restarts} times under live traffic, with two ways to stop:

  ${ours.padEnd(control.length)}   ${line}
  ${control.padEnd(ours.length)}   ${onSignal}

Each has two instances. They take turns: SIGTERM, time to end, a new start. Meanwhile strict clients that never retry
place orders and read them back, at instances whose health check (every 200 ms) is good.
Out of ${graceMs / 1_000} s, ${ours} serves on for 1.6 to 3.2 s after the signal, already reported not ready: its lame duck.
${control} is stopped by force after ${controlGraceMs / 1_000} s, since a connection that says nothing keeps it for ever.
`

/** @returns whether Last Call lost nothing, and plain closing did lose something */
export async function runDemo(app: DemoApp, interruption: AbortSignal): Promise<boolean> {
  const line = createStatusLine(process.stderr)
  const { command, control } = app
  console.log(introduce(app))
  if (app.copies) line.show('starting the database for the first time')
  const database = app.copies ? await prepareDatabase(command, { CONTROL: '1' }, interruption) : undefined
  const scoreboard = createScoreboard(line, restarts)
  // When one of the two cannot be drilled, the other has no point.
  const failure = new AbortController()
  const signal = AbortSignal.any([interruption, failure.signal])
  const drill = (title: string, given: Pick<DrillOptions, 'graceMs' | 'env'>): Promise<DrillReport> => {
    const options: DrillOptions = {
      ...given,
      command,
      restarts,
      instances: 2,
      readyTimeoutMs: 60_000,
      clients: 30,
      seed: 1,
      paths: defaultPaths,
      data: database?.directory,
      periodMs: 7_000,
    }
    return runDrill(options, signal, scoreboard.follow(title)).catch((error: unknown) => {
      failure.abort(error)
      throw error
    })
  }
  try {
    const [first, second] = await Promise.all([
      drill(ours, { graceMs, env: {} }),
      drill(control, { graceMs: controlGraceMs, env: { CONTROL: '1' } }),
    ])
    scoreboard.stop()
    console.log(describe(first, second, control))
    return first.passed && second.traffic.lost > 0
  } finally {
    scoreboard.stop()
    await database?.remove()
  }
}

function describe(first: DrillReport, second: DrillReport, control: string): string {
  const table = formatComparison([
    { title: ours, report: first },
    { title: control, report: second },
  ])
  const timelines = [first, second].flatMap(({ restarts: results }, place) => {
    const shown = chooseRestart(results)
    return shown ? [`${place === 0 ? ours : control}, ${formatTimeline(shown)}`] : []
  })
  return [table, ...timelines, formatVerdict(first, second, control)].join('\n\n')
}

function formatVerdict(first: DrillReport, second: DrillReport, control: string): string {
  const requests = formatNumber(first.traffic.requests)
  if (!first.passed) {
    const failed = first.findings.filter(({ verdict }) => verdict === 'failed')
    return paint('red', [`${ours} FAILED:`, ...failed.map(({ title }) => title)].join('\n  '))
  }
  if (second.traffic.lost === 0) return paint('red', `${control} lost nothing, so this run proves nothing.`)
  return paint(
    'green',
    `${ours}: ${restarts} restarts, ${requests} requests, none lost. ${control} lost ${formatNumber(second.traffic.lost)}.`,
  )
}

function paint(colour: 'red' | 'green', text: string): string {
  return process.stdout.isTTY && process.env['NO_COLOR'] === undefined ? styleText(colour, text) : text
}
