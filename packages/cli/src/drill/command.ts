import { Command, InvalidArgumentError } from 'commander'
import { ordinarySize } from './crowd.js'
import { formatReport } from './format-report.js'
import { readOrigin } from './html/origin.js'
import { preparePageFile } from './html/page-file.js'
import { createPage } from './html/page.js'
import { untilInterrupted } from './interruption.js'
import { defaultPaths } from './options.js'
import type { DrillOptions, DrillPaths } from './options.js'
import { createProgress } from './progress.js'
import { createRecorder } from './recorder.js'
import { reportFailure } from './report-failure.js'
import { runDrill } from './run-drill.js'
import { createStatusLine } from './status-line.js'

interface Flags extends DrillPaths {
  readonly restarts: number
  readonly instances: number
  readonly grace: number
  readonly readyTimeout: number
  readonly clients: number
  readonly seed: number
  readonly data?: string
  readonly json: boolean
  readonly html?: string
}

const description = `Proves an app's graceful shutdown: runs instances of it, restarts them in turn under traffic, and counts every
request that was lost. The app must listen on PORT, and keep its data in DATA_DIR.

Exit code: 0 nothing was lost, 1 something was, 2 the app could not be drilled.`

export function createDrillCommand(): Command {
  return new Command('drill')
    .description(description)
    .argument('<command...>', 'the command that starts the app, after --')
    .option('--restarts <n>', 'restarts in total', wholeNumber(1), 10)
    .option('--instances <n>', 'instances of the app', wholeNumber(1), 2)
    .option(
      '--grace <ms>',
      'from SIGTERM to SIGKILL, LASTCALL_GRACE_PERIOD_MS for the app',
      wholeNumber(1),
      10_000,
    )
    .option('--ready-timeout <ms>', 'longest time from start to ready', wholeNumber(1), 30_000)
    .option('--clients <n>', 'ordinary clients', wholeNumber(1), ordinarySize)
    .option('--data <dir>', 'copied into the DATA_DIR of each instance before its first start')
    .option('--seed <n>', 'seed of the random choices', wholeNumber(0), 1)
    .option('--ready <path>', 'answers 200 when the instance is ready', path, defaultPaths.ready)
    .option('--get <path>', 'answers quickly', path, defaultPaths.get)
    .option('--post <path>', 'stores the JSON it is given under its id', path, defaultPaths.post)
    .option('--list <path>', 'answers with the ids of everything stored', path, defaultPaths.list)
    .option('--slow <path>', 'takes about two seconds to answer', path, defaultPaths.slow)
    .option('--large <path>', 'answers with several megabytes', path, defaultPaths.large)
    .option('--json', 'print one JSON document and nothing else on stdout', false)
    .option('--html <file>', 'write a page with a picture of each restart')
    .action(async (command: string[], flags: Flags) => {
      process.exitCode = await drill(toOptions(command, flags), flags)
    })
}

async function drill(options: DrillOptions, { json, html }: Flags): Promise<number> {
  const progress = createProgress(createStatusLine(process.stderr))
  try {
    const file = html === undefined ? undefined : await preparePageFile(html)
    const recorder = file && createRecorder(options.restarts)
    const report = await untilInterrupted((signal) => runDrill(options, signal, { ...progress, recorder }))
    progress.stop()
    console.log(json ? JSON.stringify(report, null, 2) : formatReport(report))
    if (recorder)
      await file.write(createPage({ report, recordings: recorder.recordings(), origin: readOrigin() }))
    return report.passed ? 0 : 1
  } catch (error) {
    progress.stop()
    return reportFailure(error)
  }
}

function toOptions(command: readonly string[], flags: Flags): DrillOptions {
  const { restarts, instances, clients, seed, ready, get, post, list, slow, large } = flags
  return {
    command,
    restarts,
    instances,
    clients,
    seed,
    data: flags.data,
    graceMs: flags.grace,
    readyTimeoutMs: flags.readyTimeout,
    paths: { ready, get, post, list, slow, large },
  }
}

function wholeNumber(atLeast: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isSafeInteger(value) && value >= atLeast && value <= 2_147_483_647) return value
    throw new InvalidArgumentError(`It must be a whole number of at least ${atLeast}.`)
  }
}

function path(text: string): string {
  if (text.startsWith('/')) return text
  throw new InvalidArgumentError('It must begin with a slash.')
}
