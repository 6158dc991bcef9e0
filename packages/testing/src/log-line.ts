/** One line of a program's log, as the default logger writes it, or pino. */
export interface LogLine {
  readonly level: string | number
  readonly msg: string
  readonly report?: LoggedReport
  /** What kept the process from ending. */
  readonly resources?: Readonly<Record<string, number>>
  readonly [detail: string]: unknown
}

/** What is read of a logged report; core's own type, which says what it means, would make a cycle. */
export interface LoggedReport {
  readonly reason: string
  readonly verdict: string
  readonly exitCode: number
  readonly tookMs: number
  readonly crashes: number
  readonly budget: {
    readonly graceMs: number
    readonly drainDeadlineMs: number
    readonly guardMs: number
    readonly lameDuck: { readonly minMs: number }
  }
  readonly phases: readonly {
    readonly phase: string
    readonly ended: string
    readonly skipped: boolean
    readonly tookMs: number
  }[]
  /** What kept the loop alive when everything was released. */
  readonly keptAlive: Readonly<Record<string, number>>
  readonly participants: { readonly items: readonly { readonly name: string }[] }
}

export const isLogLine = (line: string): boolean => line.startsWith('{"')

export const parseLogLine = (line: string): LogLine => JSON.parse(line) as LogLine

/** What was logged, in order. */
export const messages = ({ log }: { readonly log: readonly LogLine[] }): string[] => log.map(({ msg }) => msg)
