import { Command, InvalidArgumentError, Option } from 'commander'
import { DoctorError } from './doctor-error.js'
import { formatJson } from './format/json.js'
import { formatText } from './format/text.js'
import { exitCodeOf } from './format/verdict.js'
import { runDoctor } from './run-doctor.js'

interface Flags {
  readonly grace?: number
  readonly explain?: string
  readonly container?: string
  readonly failOn: 'error' | 'warning'
  readonly json?: boolean
}

const description = `Checks that the clocks of a deployment add up: the app's, the probes', the preStop hook's, the supervisor's. Nothing is started and nothing is asked.

It reads Kubernetes manifests, Dockerfiles, Compose files, systemd units, task definitions of ECS, and package.json.`

const examples = `
Examples:
  lastcall doctor
  lastcall doctor k8s/ Dockerfile
  helm template . | lastcall doctor -

Exit code: 0 nothing is wrong, 1 something is, 2 something could not be checked.`

export function createDoctorCommand(): Command {
  return new Command('doctor')
    .summary('check that the clocks in manifests and Dockerfiles add up')
    .description(description)
    .addHelpText('after', examples)
    .showHelpAfterError('(lastcall doctor --help lists what it takes)')
    .argument('[files...]', 'files, folders, or - for standard input; without any it looks around')
    .option('--grace <ms>', "the app's gracePeriodMs", milliseconds)
    .option('--explain <file>', 'a log with the line that LASTCALL_EXPLAIN=1 prints, or - for standard input')
    .option('--container <name>', 'the container that runs the app')
    .addOption(
      new Option('--fail-on <severity>', 'what exit code 1 is for')
        .choices(['error', 'warning'])
        .default('error'),
    )
    .option('--json', 'print one JSON document')
    .action(async (files: string[], flags: Flags) => {
      process.exitCode = await doctor(files, flags)
    })
}

async function doctor(
  files: readonly string[],
  { grace, explain, container, failOn, json }: Flags,
): Promise<number> {
  try {
    if (explain === '-' && files.includes('-'))
      throw new DoctorError('standard input can be read once: for --explain or for a file')
    const report = await runDoctor({ files, graceMs: grace, explain, container })
    const exitCode = exitCodeOf(report, failOn)
    console.log(json ? formatJson(report, exitCode) : formatText(report))
    return exitCode
  } catch (error) {
    console.error(error instanceof DoctorError ? `lastcall doctor: ${error.message}` : error)
    return 2
  }
}

/** As core takes it. */
function milliseconds(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 100 && value <= 2_147_483_647) return value
  throw new InvalidArgumentError('It must be a whole number of ms, at least 100.')
}
