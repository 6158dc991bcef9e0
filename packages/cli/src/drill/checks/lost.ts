import type { LostRequest, Observed } from '../observation/observed.js'
import { formatNumber } from '../text/format-number.js'
import { losses } from '../traffic/tally.js'
import type { Loss } from '../traffic/tally.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { describeMoments } from './in-words.js'
import { judge } from './judge.js'

interface Kind {
  readonly code: string
  readonly fine: string
  /** After "12 of 3,400 requests". */
  readonly wrong: string
  readonly advice: string
  readonly ours: string
}

const kinds: Readonly<Record<Loss, Kind>> = {
  refused: {
    code: 'lost-refused',
    fine: 'No connection was refused',
    wrong: 'found nobody listening',
    advice:
      'Routers send traffic until they notice that an instance is going. On SIGTERM answer readiness with 503 at once, and go on accepting for some seconds before the listener closes.',
    ours: 'Last Call does so: its lame duck.',
  },
  reset: {
    code: 'lost-reset',
    fine: 'No connection was cut before its answer',
    wrong: 'were cut before their answer',
    advice:
      'Finish what is in flight before the process exits, and do not close keep-alive connections on which the next request may be on its way: answer it with "Connection: close" instead.',
    ours: 'Last Call tells each connection so; `server.close()` and `process.exit()` do not.',
  },
  truncated: {
    code: 'lost-truncated',
    fine: 'No response was cut short',
    wrong: 'were cut in the middle of their response',
    advice:
      'A response is over when its last byte has been sent, also to a slow reader: wait for that before connections are closed and the process exits.',
    ours: 'Last Call counts a response as in flight until then.',
  },
  timedOut: {
    code: 'lost-timed-out',
    fine: 'No request was left without an answer',
    wrong: 'were left without an answer',
    advice:
      'A connection was accepted and then nobody answered on it. Keep serving what has been accepted, and do not block while shutting down.',
    ours: 'Last Call serves open connections until they are told to go.',
  },
  serverError: {
    code: 'lost-server-error',
    fine: 'No request was answered with a server error',
    wrong: 'were answered with a server error',
    advice:
      'Serve as ever while clients are still connected, and close what handlers need (the database) only after the last request.',
    ours: 'Last Call closes registered resources after the drain.',
  },
  other: {
    code: 'lost-other',
    fine: 'No request was answered with anything unexpected',
    wrong: 'were answered with something unexpected',
    advice:
      'What was answered was neither 2xx nor a server error. Keep routes and their data as they are until the last request has been answered.',
    ours: 'Last Call changes no route before the drain.',
  },
}

/** One finding for each way in which a request can be lost. */
export function checkLosses(observed: Observed): readonly Finding[] {
  const all = formatNumber(observed.traffic.requests)
  return losses.map((loss) => {
    const lost = observed.losses.filter(({ outcome }) => outcome === loss)
    const { code, fine, wrong, advice, ours } = kinds[loss]
    return judge({
      code,
      fine,
      wrong: `${formatNumber(lost.length)} of ${all} requests ${wrong}`,
      advice: advise(observed, advice, ours),
      evidence: describeLosses(lost),
    })
  })
}

function describeLosses(lost: readonly LostRequest[]): readonly string[] {
  const places = new Map<string, LostRequest[]>()
  for (const one of lost) {
    const place = one.restart === 0 ? 'before the first restart' : `restart ${one.restart}`
    const name = `${place}, on ${one.instance}`
    places.set(name, [...(places.get(name) ?? []), one])
  }
  return [...places].map(([name, group]) => `${name}: ${describeGroup(group)}`)
}

function describeGroup(group: readonly LostRequest[]): string {
  const methods = (['GET', 'POST'] as const).flatMap((method) => {
    const own = group.filter((one) => one.method === method).length
    return own === 0 ? [] : [`${formatNumber(own)} ${method}`]
  })
  const parts = [methods.join(' and ')]
  const statuses = new Set(group.flatMap(({ status }) => status ?? []))
  if (statuses.size > 0) parts.push(`status ${[...statuses].join(', ')}`)
  const fresh = group.filter((one) => one.fresh).length
  if (fresh > 0)
    parts.push(`${fresh === group.length ? '' : `${formatNumber(fresh)} of them `}on new connections`)
  const since = group[0]?.restart === 0 ? 'the start of the traffic' : 'the signal'
  const moments = describeMoments(
    group.map(({ atMs }) => atMs),
    since,
  )
  return [...parts, moments].join(', ')
}
