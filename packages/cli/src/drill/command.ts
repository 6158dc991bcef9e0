import { Command } from 'commander'
import type { Option } from 'commander'
import { header, path, variable, wholeNumber } from './flag-values.js'
import { toOptions } from './flags.js'
import type { Flags } from './flags.js'
import { readOrigin } from './html/origin.js'
import { preparePageFile } from './html/page-file.js'
import { createPage } from './html/page.js'
import { untilInterrupted } from './interruption/interruption.js'
import { createRecorder } from './observation/recorder.js'
import { defaultPaths } from './options.js'
import type { DrillOptions } from './options.js'
import { runDrill } from './run-drill.js'
import { formatReport } from './text/format-report.js'
import { createProgress } from './text/progress.js'
import { reportFailure } from './text/report-failure.js'
import { createStatusLine } from './text/status-line.js'
import { ordinarySize } from './traffic/crowd.js'

const description = `Proves an app's graceful shutdown: starts it, restarts it again and again under live traffic, counts what its clients lost, and says what to do about it. The app may be written in anything.

It has to listen on the port that it is given: in the variable PORT, in another one (--port-env), as an argument ({port} in the command), or always on the same one (--port).`

const examples = `
Examples:
  lastcall drill -- node server.js
  lastcall drill --get /items -- python3 -m http.server {port}
  lastcall drill --port 3000 --html report.html -- ./my-app

Exit code: 0 passed, 1 failed, 2 the app could not be drilled.`

export function createDrillCommand(): Command {
  return new Command('drill')
    .summary("prove an app's graceful shutdown, by restarting it under traffic")
    .description(description)
    .addHelpText('after', examples)
    .showHelpAfterError('(lastcall drill --help lists what it takes)')
    .configureHelp({ optionDescription: describeOption })
    .argument('<command...>', 'what starts the app, after --; {port} in it is replaced by its port')
    .optionsGroup('The app:')
    .option('--port-env <name>', 'the variable that tells the app its port', variable, 'PORT')
    .option('--port <n>', 'the one port that it listens on; one instance only', wholeNumber(1, 65_535))
    .option('--data <dir>', 'copied into the DATA_DIR of each instance before its first start')
    .option('--ready-timeout <ms>', 'longest time from start to ready', wholeNumber(1), 30_000)
    .optionsGroup('The drill:')
    .option('--restarts <n>', 'restarts in total', wholeNumber(1), 10)
    .option('--instances <n>', 'how many instances run', wholeNumber(1), 2)
    .option('--grace <ms>', 'from SIGTERM to SIGKILL, as the platform grants it', wholeNumber(1), 10_000)
    .option('--clients <n>', 'about how many clients', wholeNumber(1), ordinarySize)
    .option('--seed <n>', 'what clients choose follows from it', wholeNumber(0), 1)
    .optionsGroup('Paths; what the app does not have is left out, unless it is named:')
    .option('--ready <path>', 'readiness: 2xx when it is ready', path, defaultPaths.ready)
    .option('--live <path>', 'liveness: 2xx for as long as it runs', path, defaultPaths.live)
    .option('--get <path>', 'answers quickly', path, defaultPaths.get)
    .option('--post <path>', 'takes --body, or stores JSON under its id', path, defaultPaths.post)
    .option('--list <path>', 'the ids of everything stored', path, defaultPaths.list)
    .option('--slow <path>', 'takes about two seconds to answer', path, defaultPaths.slow)
    .option('--large <path>', 'answers with several megabytes', path, defaultPaths.large)
    .option('--websocket <path>', 'where some clients keep a WebSocket', path)
    .option('--event-stream <path>', 'where some clients listen to server-sent events', path)
    .optionsGroup('What is sent:')
    .option('--body <text>', 'what is posted; @FILE: what is in that file')
    .option('--header <line>', "'Name: value', sent with every request; may be repeated", header)
    .optionsGroup('What it says:')
    .option('--json', 'print one JSON document and nothing else on stdout')
    .option('--html <file>', 'also write a page with a picture of each restart')
    .helpOption('-h, --help', 'display this')
    .action(async (started: string[], flags: Flags, command: Command) => {
      process.exitCode = await drill(toOptions(started, flags, command), flags)
    })
}

function describeOption({ description: text, defaultValue }: Option): string {
  return defaultValue === undefined ? text : `${text}; default ${defaultValue}`
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
      console.error(`The page is in ${html}`)
    }
    return report.passed ? 0 : 1
  } catch (error) {
    progress.stop()
    return reportFailure(error)
  }
}
