import type { Observed, ObservedRestart, Processes } from '#src/drill/observation/observed.js'

const app = { pid: 10, parent: 1, command: 'node server.js' }

const processes: Processes = {
  before: { all: [app], signalled: app, listeners: [app] },
  left: [],
  holding: [],
  portHeld: false,
  unsignalled: [],
}

/** A restart in which all went well. */
export function aRestart(changed: Partial<ObservedRestart> = {}): ObservedRestart {
  return {
    number: 1,
    instance: 'instance 1',
    exitCode: 0,
    exitSignal: null,
    forced: false,
    stopMs: 2_949,
    startMs: 400,
    requests: 2_000,
    lost: 0,
    servedAfterSignal: 321,
    timeline: [{ atMs: 0, event: 'SIGTERM sent' }],
    signals: 1,
    readiness: [
      { startedMs: 10, endedMs: 12, result: 'not-ready', status: 503 },
      { startedMs: 810, endedMs: 811, result: 'refused', status: undefined },
    ],
    liveness: [
      { startedMs: 20, endedMs: 22, result: 'ready', status: 200 },
      { startedMs: 820, endedMs: 821, result: 'refused', status: undefined },
    ],
    refusedAtMs: 811,
    resetAtMs: [],
    goodbyes: [],
    processes,
    ...changed,
  }
}

/** Processes as they are when nothing is wrong, but for what is changed. */
export const theProcesses = (changed: Partial<Processes>): Processes => ({ ...processes, ...changed })

/** A drill of two restarts in which all went well, the second with a signal that was repeated. */
export function anObserved(changed: Partial<Observed> = {}): Observed {
  return {
    options: {
      command: ['node', 'server.js'],
      restarts: 2,
      instances: 2,
      graceMs: 10_000,
      readyTimeoutMs: 30_000,
      clients: 40,
      seed: 1,
      paths: { ready: '/readyz', get: '/', post: '/', list: '/', slow: '/', large: '/' },
    },
    asked: ['GET /orders/latest', 'POST /orders'],
    leftOut: [],
    durationMs: 12_345,
    traffic: {
      requests: 2_000,
      gets: 1_400,
      posts: 600,
      lost: 0,
      outcomes: { ok: 2_000, refused: 0, reset: 0, truncated: 0, timedOut: 0, serverError: 0, other: 0 },
    },
    rows: { answered: 600, missing: [], duplicates: [], storedUnanswered: 0 },
    restarts: [aRestart(), aRestart({ number: 2, instance: 'instance 2', signals: 3 })],
    losses: [],
    unknown: {},
    ...changed,
  }
}
