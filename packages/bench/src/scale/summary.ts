import { medianOf } from '../cost/interval.js'
import { formatNumber } from '../summary.js'
import { peakOf, windowsOfSpread } from './peak.js'
import type { Drain } from './run.js'

/** All runs of one app. */
export interface Drains {
  readonly name: string
  readonly all: readonly Drain[]
}

export interface Crowd {
  readonly connections: number
  /** What an even spread is laid over, for everybody. */
  readonly spreadMs: number
}

export const head: readonly string[] = [
  'median (worst)',
  'first close',
  'last close',
  'peak ÷ even',
  'signal to exit',
  'loop late, max',
  'p99',
  'processor time',
  'exit code',
]

export function formatRow({ name, all }: Drains, { spreadMs }: Crowd): readonly string[] {
  const each = (valueOf: (drain: Drain) => number, format = formatMs): string => {
    const values = all.map(valueOf)
    return `${format(medianOf(values))} (${format(Math.max(...values))})`
  }
  return [
    name,
    each(({ closes }) => Math.min(...closes)),
    each(({ closes }) => Math.max(...closes)),
    each(
      ({ closes }) => peakOf(closes, spreadMs),
      (peak) => peak.toFixed(2),
    ),
    each(({ exitMs }) => exitMs),
    each(({ loop }) => loop?.maxMs ?? Number.NaN),
    each(({ loop }) => loop?.p99Ms ?? Number.NaN),
    each(({ loop }) => loop?.processorMs ?? Number.NaN),
    [...new Set(all.map(({ exitCode }) => String(exitCode)))].join(', '),
  ]
}

const formatMs = (ms: number): string => `${formatNumber(Math.round(ms))} ms`

export const explain = ({ connections, spreadMs }: Crowd, runs: number): string =>
  `${formatNumber(connections)} connections that have asked once, silent for 3 s when SIGTERM comes; ${runs} runs each, in turn. Nobody
watches readiness, so there is no lame duck: it would add its \`minMs\`. Peak: the most closes in any window of ${Math.round(spreadMs / windowsOfSpread)} ms, as a
multiple of what an even spread over the ${formatNumber(Math.round(spreadMs))} ms in which Last Call closes has in one. The clients note when each close
arrives. Loop late: by how much a timer of 1 ms was, from the signal to the exit. Processor time is that of the app; one that has to wait for
a processor falls behind, and what is late is closed together.`

/** What is wrong with the results; nothing, if nothing is. */
export function judge(ours: Drains, control: Drains, { spreadMs }: Crowd, target: number): readonly string[] {
  const peak = (drains: Drains): number => medianOf(drains.all.map(({ closes }) => peakOf(closes, spreadMs)))
  const failures: string[] = []
  if (!(peak(ours) <= target))
    failures.push(`${ours.name}: a peak of ${peak(ours).toFixed(2)}, ${target} is the most`)
  if (ours.all.some(({ exitCode }) => exitCode !== 0))
    failures.push(`${ours.name}: not every exit code was 0`)
  if (!(peak(control) > target)) failures.push('the control closed evenly too, so this run proves nothing')
  return failures
}
