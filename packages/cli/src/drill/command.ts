import { Command, InvalidArgumentError } from 'commander'
import { readOrigin } from './html/origin.js'
import { preparePageFile } from './html/page-file.js'
import { createPage } from './html/page.js'
import { untilInterrupted } from './interruption/interruption.js'
import { createRecorder } from './observation/recorder.js'
import { defaultPaths } from './options.js'
import type { DrillOptions, DrillPaths } from './options.js'
import { runDrill } from './run-drill.js'
import { formatReport } from './text/format-report.js'
import { createProgress } from './text/progress.js'
import { reportFailure } from './text/report-failure.js'
import { createStatusLine } from './text/status-line.js'
import { ordinarySize } from './traffic/crowd.js'

interface Flags extends DrillPaths {
  readonly restarts: number
  readonly instances: number
  readonly grace: number
  readonly readyTimeout: number
  readonly clients: number
  readonly seed: number
  readonly data?: string
  readonly portEnv: string
  readonly port?: number
  readonly header: Readonly<Record<string, string>>
  readonly body?: string
  readonly websocket?: string
  readonly eventStream?: string
  readonly json: boolean
  readonly html?: string
}

const description = `Proves an app's graceful shutdown: runs instances of it, restarts them in turn under traffic, counts every request that
was lost, and checks how the app goes. The app may be written in anything. It has to listen on the port that it is given: in
PORT (--port-env), as an argument ({port} in the command), or always the same (--port).

Exit code: 0 passed, 1 failed, 2 the app could not be drilled.`

export function createDrillCommand(): Command {
  return new Command('drill')
    .description(description)
    .argument('<command...>', 'the command that starts the app, after --; {port} is replaced by its port')
    .option('--restarts <n>', 'restarts in total', wholeNumber(1), 10)
    .option('--instances <n>', 'instances of the app', wholeNumber(1), 2)
    .option(
      '--grace <ms>',
      'from SIGTERM to SIGKILL, LASTCALL_GRACE_PERIOD_MS for the app',
      wholeNumber(1),
      10_000,
    )
    .option('--ready-timeout <ms>', 'longest time from start to ready', wholeNumber(1), 30_000)
    .option('--port-env <name>', 'the variable that tells the app its port', variable, 'PORT')
    .option('--port <n>', 'the one port the app listens on; one instance only', wholeNumber(1, 65_535))
    .option('--clients <n>', 'ordinary clients', wholeNumber(1), ordinarySize)
    .option('--data <dir>', 'copied into the DATA_DIR of each instance before its first start')
    .option('--seed <n>', 'seed of the random choices', wholeNumber(0), 1)
    .option('--ready <path>', 'answers 2xx when the instance is ready', path, defaultPaths.ready)
    .option('--live <path>', 'answers 2xx for as long as the process runs', path, defaultPaths.live)
    .option('--get <path>', 'answers quickly', path, defaultPaths.get)
    .option(
      '--post <path>',
      'stores the JSON it is given under its id, or takes --body',
      path,
      defaultPaths.post,
    )
    .option('--body <text>', 'what is posted; @file: what is in that file')
    .option('--header <line>', "'Name: value', sent with every request; may be repeated", header, {})
    .option('--list <path>', 'answers with the ids of everything stored', path, defaultPaths.list)
    .option('--slow <path>', 'takes about two seconds to answer', path, defaultPaths.slow)
    .option('--large <path>', 'answers with several megabytes', path, defaultPaths.large)
    .option('--websocket <path>', 'some clients keep a WebSocket there, and have to be told goodbye', path)
    .option('--event-stream <path>', 'the same with server-sent events', path)
    .option('--json', 'print one JSON document and nothing else on stdout', false)
    .option('--html <file>', 'write a page with a picture of each restart')
    .action(async (started: string[], flags: Flags, command: Command) => {
      process.exitCode = await drill(toOptions(started, flags, command), flags)
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
    if (recorder) {
      await file.write(createPage({ report, recordings: recorder.recordings(), origin: readOrigin() }))
    }
    return report.passed ? 0 : 1
  } catch (error) {
    progress.stop()
    return reportFailure(error)
  }
}

function toOptions(started: readonly string[], flags: Flags, command: Command): DrillOptions {
  const { restarts, clients, seed, ready, live, get, post, list, slow, large, websocket, eventStream } = flags
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  if (flags.port !== undefined && isGiven('instances') && flags.instances > 1) {
    command.error(
      'error: with --port there is one instance only, since two cannot listen on the same port: leave out --instances, or pass the port with --port-env or {port}',
    )
  }
  const paths = { ready, live, get, post, list, slow, large }
  return {
    command: started,
    restarts,
    instances: flags.port === undefined ? flags.instances : 1,
    clients,
    seed,
    data: flags.data,
    graceMs: flags.grace,
    readyTimeoutMs: flags.readyTimeout,
    portEnv: flags.portEnv,
    port: flags.port,
    headers: flags.header,
    body: flags.body,
    paths: { ...paths, webSocket: websocket, eventStream },
    // the names of options are those of the paths
    named: (Object.keys(paths) as (keyof typeof paths)[]).filter(isGiven),
  }
}

/** Timers take no more. */
const largest = 2_147_483_647

function wholeNumber(atLeast: number, atMost = largest): (text: string) => number {
  const bounds = atMost === largest ? `of at least ${atLeast}` : `from ${atLeast} to ${atMost}`
  return (text) => {
    const value = Number(text)
    if (Number.isSafeInteger(value) && value >= atLeast && value <= atMost) return value
    throw new InvalidArgumentError(`It must be a whole number ${bounds}.`)
  }
}

function variable(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text
  throw new InvalidArgumentError('It must be the name of an environment variable.')
}

function header(line: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/.exec(line) ?? []
  if (name !== undefined && value !== undefined) return { ...given, [name.toLowerCase()]: value.trim() }
  throw new InvalidArgumentError("It must look like 'Name: value'.")
}

function path(text: string): string {
  if (text.startsWith('/')) return text
  throw new InvalidArgumentError('It must begin with a slash.')
}
