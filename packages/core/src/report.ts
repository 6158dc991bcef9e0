import type { Budget } from './budget.js'
import type { HoldRecord } from './holds.js'
import type { Resources } from './kept-alive.js'
import type { ResolvedOptions } from './options.js'
import type { ParticipantRecord } from './participants.js'
import type { Phase } from './phases.js'
import type { ClosedConnections, CutRequest, ServingSnapshot } from './serving.js'

/** The record of one shutdown: what it cost, and why it took as long as it did. Durations in ms. */
export interface Report {
  /** What began it: the signal's name, or what was handed to `begin`. */
  readonly reason: string
  /** `clean`: everything finished · `forced`: something was cut at a deadline · `failed`: something threw. */
  readonly verdict: 'clean' | 'forced' | 'failed'
  /** 0 only if everything finished. */
  readonly exitCode: number
  readonly tookMs: number
  readonly budget: Budget & { readonly from: ResolvedOptions['graceFrom']; readonly leftMs: number }
  readonly phases: readonly PhaseRecord[]
  /** Requests answered 503 because of the shutdown. */
  readonly refused: number
  readonly cut: Listing<CutRequest>
  readonly connections: ClosedConnections & { readonly gaveUpAccepting: boolean }
  readonly holdsCut: Listing<HoldRecord>
  /** Those that were cut or failed come first. */
  readonly participants: Listing<ParticipantRecord>
  /** Errors nobody caught while it went on. */
  readonly crashes: number
  /**
   * What may keep the process alive although everything is released, by Node's names for resources: candidates, since an
   * open handle on which nothing happens counts. Of a process-wide shutdown only, in the report of the last instance.
   */
  readonly keptAlive: Resources
}

/** At most 20 entries, and how many there were. */
export interface Listing<T> {
  readonly count: number
  readonly items: readonly T[]
}

/** One phase of a shutdown; the counters are those at its start, but `requests`, which came in during it. */
export interface PhaseRecord {
  readonly phase: Phase
  readonly tookMs: number
  /** Why it ended, or why it was skipped. */
  readonly ended: string
  readonly skipped: boolean
  readonly requests: number
  readonly inFlight: number
  readonly connections: number
  readonly holds: number
}

/** Everything a report is made from. */
export interface Facts {
  readonly reason: string
  readonly tookMs: number
  readonly budget: Budget
  readonly from: ResolvedOptions['graceFrom']
  readonly phases: readonly PhaseRecord[]
  readonly traffic: ServingSnapshot
  readonly holdsCut: readonly HoldRecord[]
  readonly participants: readonly ParticipantRecord[]
  readonly crashes: number
  readonly keptAlive: Resources
}

export function createReport(facts: Facts): Report {
  const { traffic, participants, holdsCut, budget, tookMs } = facts
  const failed = facts.crashes > 0 || participants.some(({ error, cut }) => error !== undefined && !cut)
  const forced = traffic.cut.length > 0 || holdsCut.length > 0 || participants.some(({ cut }) => cut)
  const verdict = failed ? 'failed' : forced ? 'forced' : 'clean'
  return {
    reason: facts.reason,
    verdict,
    exitCode: verdict === 'clean' ? 0 : 1,
    tookMs,
    budget: { ...budget, from: facts.from, leftMs: budget.graceMs - tookMs },
    phases: facts.phases,
    refused: traffic.refused,
    cut: { ...list(traffic.cut), count: countCut(traffic.cut) },
    connections: { ...traffic.closed, gaveUpAccepting: traffic.gaveUpAccepting },
    holdsCut: list(holdsCut),
    participants: list([...participants].sort((a, b) => Number(isUnhappy(b)) - Number(isUnhappy(a)))),
    crashes: facts.crashes,
    keptAlive: facts.keptAlive,
  }
}

/** The report in one line: what did this deploy cost our users? */
export function summarise(report: Report): string {
  const served = report.phases.reduce((sum, { requests }) => sum + requests, 0)
  const parts = [
    `shutdown on ${report.reason} ${report.verdict} in ${report.tookMs} of ${report.budget.graceMs} ms`,
    `${served - report.refused} requests served, ${report.refused} answered 503, ${report.cut.count} cut`,
  ]
  if (report.holdsCut.count > 0) parts.push(`${report.holdsCut.count} holds cut`)
  const unhappy = report.participants.items.filter(isUnhappy)
  if (unhappy.length > 0) parts.push(`unfinished or failed: ${unhappy.map(({ name }) => name).join(', ')}`)
  return parts.join('; ')
}

const isUnhappy = ({ error, cut }: ParticipantRecord): boolean => cut || error !== undefined

/** Pipelined requests count, though only the newest of them is listed. */
const countCut = (cut: readonly CutRequest[]): number =>
  cut.reduce((sum, { pipelined = 0 }) => sum + 1 + pipelined, 0)

const listed = 20

function list<T>(items: readonly T[]): Listing<T> {
  return { count: items.length, items: items.slice(0, listed) }
}
