import type { Test } from 'tap'
import { isLogLine, parseLogLine, type LoggedReport, type LogLine } from './log-line.js'
import { startCommand, type Command, type CommandOptions, type Output } from './start-command.js'

export interface Ended extends Output {
  /** The lines of stdout that are no log. */
  readonly lines: readonly string[]
  readonly log: readonly LogLine[]
  /** One for each instance that was shut down. */
  readonly reports: readonly LoggedReport[]
  /** The first one. */
  readonly report: LoggedReport | undefined
}

export interface Program extends Omit<Command, 'ended'> {
  /** The number at the end of the first line that says so: 'listening on 3000', 'Server listening at http://[::1]:3000'. */
  port(name?: string): Promise<number>
  /** Waits for 'close': only then has all output been read. */
  readonly ended: Promise<Ended>
}

export interface ProgramOptions extends CommandOptions {
  /** A command that runs Node, with its arguments. */
  readonly before?: readonly string[]
}

/** Starts a program of Node as a process of its own, and stops it when the test is over. */
export function startProgram(
  t: Test,
  args: readonly string[],
  { before = [], ...options }: ProgramOptions = {},
): Program {
  const command = startCommand([...before, process.execPath, ...args], options)
  t.teardown(() => command.child.kill('SIGKILL'))
  const ended = command.ended.then((output) => describe(output, command.lines()))
  // who waits for nothing but a line hears of it there
  ended.catch(() => {})
  return {
    ...command,
    ended,
    async port(name = 'listening') {
      const number = new RegExp(`${name}\\b.*?(\\d+)\\D*$`)
      return Number(number.exec(await command.line((line) => number.test(line), `a port of '${name}'`))?.[1])
    },
  }
}

function describe(output: Output, all: readonly string[]): Ended {
  const log = all.filter(isLogLine).map(parseLogLine)
  const reports = log.flatMap(({ report }) => (report ? [report] : []))
  return {
    ...output,
    lines: output.stdout.split('\n').filter((line) => line !== '' && !isLogLine(line)),
    log,
    reports,
    report: reports[0],
  }
}
