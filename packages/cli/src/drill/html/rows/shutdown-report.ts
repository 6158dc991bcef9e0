/** What the picture takes from the report that Last Call logs in the app: see `Report` in @lastcall/core. */
export interface ShutdownReport {
  readonly verdict: string
  readonly graceMs: number | undefined
  readonly phases: readonly ShutdownPhase[]
}

export interface ShutdownPhase {
  readonly phase: string
  readonly tookMs: number
  /** Why it ended, or was skipped. */
  readonly ended: string
  readonly skipped: boolean
}

const drawn = new Set<unknown>(['lame-duck', 'last-call', 'draining', 'releasing'])

/** The last report in what an app has printed. An app may print anything, so nothing is taken on trust. */
export function findShutdownReport(output: string): ShutdownReport | undefined {
  for (const line of output.split('\n').toReversed()) {
    const start = line.indexOf('{')
    if (start === -1 || !line.includes('"report":')) continue
    try {
      const report = readReport(JSON.parse(line.slice(start)))
      if (report) return report
    } catch {
      // only the end of a line that was too long to keep, or a line of somebody else
    }
  }
  return undefined
}

function readReport(line: unknown): ShutdownReport | undefined {
  const report = field(line, 'report')
  const phases = field(report, 'phases')
  if (!Array.isArray(phases)) return undefined
  const graceMs = field(field(report, 'budget'), 'graceMs')
  return {
    verdict: String(field(report, 'verdict')),
    graceMs: typeof graceMs === 'number' ? graceMs : undefined,
    phases: phases.filter((one) => drawn.has(field(one, 'phase'))).map(readPhase),
  }
}

function readPhase(phase: unknown): ShutdownPhase {
  const tookMs = Number(field(phase, 'tookMs'))
  return {
    phase: String(field(phase, 'phase')).replace('-', ' '),
    tookMs: tookMs >= 0 && tookMs < Infinity ? tookMs : 0,
    ended: String(field(phase, 'ended')),
    skipped: field(phase, 'skipped') === true,
  }
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as Readonly<Record<string, unknown>>)[name] // any property of any object may be asked for
}
