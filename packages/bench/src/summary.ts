import { losses } from 'lastcall/drill'
import type { Loss } from 'lastcall/drill'
import type { Restart } from './stack.js'

/** What the restarts of one stack cost. */
export interface Summary {
  readonly restarts: number
  readonly requests: number
  /** At the clients, by kind. */
  readonly lost: Readonly<Record<Loss, number>>
  readonly lostInAll: number
  readonly lostPosts: number
  readonly restartsWithLoss: number
  /** HAProxy's own count of errors of backends; undefined when nobody counts. */
  readonly balancerErrors: number | undefined
  readonly badExits: number
  readonly stopMedianMs: number
  readonly stopMaxMs: number
}

export function summarise(restarts: readonly Restart[]): Summary {
  const all = restarts.flatMap(({ lost }) => lost)
  const count = (loss: Loss): number => all.filter(({ outcome }) => outcome === loss).length
  const stops = restarts.map(({ stopMs }) => stopMs).toSorted((a, b) => a - b)
  const errors = restarts.flatMap((restart) => restart.errors ?? [])
  return {
    restarts: restarts.length,
    requests: restarts.reduce((sum, { requests }) => sum + requests, 0),
    lost: Object.fromEntries(losses.map((loss) => [loss, count(loss)])) as Record<Loss, number>,
    lostInAll: all.length,
    lostPosts: all.filter(({ method }) => method === 'POST').length,
    restartsWithLoss: restarts.filter(({ lost }) => lost.length > 0).length,
    balancerErrors:
      errors.length === 0
        ? undefined
        : errors.reduce((sum, { connecting, responding }) => sum + connecting + responding, 0),
    badExits: restarts.filter(({ exitCode, forced }) => exitCode !== 0 || forced).length,
    stopMedianMs: stops[Math.floor(stops.length / 2)] ?? 0,
    stopMaxMs: stops.at(-1) ?? 0,
  }
}

/** 0 of nothing. */
export const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** 1 234 as 1,234. */
export const formatNumber = (value: number): string => value.toLocaleString('en-US')

export const formatSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** A probability in %, to two digits. */
export const formatShare = (share: number): string =>
  `${share > 0.99 ? 100 : Number((share * 100).toPrecision(2))} %`

/** `2 reset, 1 refused`, or a dash. */
export function formatKinds({ lost }: Summary): string {
  const kinds = losses.filter((loss) => lost[loss] > 0).map((loss) => `${lost[loss]} ${names[loss]}`)
  return kinds.length === 0 ? '–' : kinds.join(', ')
}

const names: Readonly<Record<Loss, string>> = {
  refused: 'refused',
  reset: 'reset',
  truncated: 'truncated',
  timedOut: 'timed out',
  serverError: '5xx',
  other: 'other',
}
