import type { Observed, ObservedRestart } from '../observation/observed.js'
import { formatMs } from '../text/format-number.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, leaveUnheard } from './heard.js'
import { nameRestart } from './in-words.js'
import { judge, leaveUnchecked } from './judge.js'

const code = 'readiness-first'

/** Whether health checks were told before connections were refused. */
export function checkReadiness(observed: Observed): Finding {
  const { unknown, options } = observed
  const title = 'It is not known whether routers are told before the app stops listening'
  if (unknown.readiness !== undefined) {
    return leaveUnchecked({
      code,
      title,
      why: unknown.readiness,
      advice: advise(
        observed,
        'Add a path that answers 200, and 503 from SIGTERM on, and name it with --ready.',
        'Last Call answers /readyz so.',
      ),
    })
  }
  const restarts = heard(observed)
  if (restarts.length === 0) return leaveUnheard(code)
  return judge({
    code,
    fine: 'Readiness said no before the first connection was refused',
    wrong: 'Connections were refused while readiness still said yes',
    advice: advise(
      observed,
      `On SIGTERM answer GET ${options.paths.ready} with 503 at once, and keep the listener open until routers have noticed: longer than their check interval.`,
      'Last Call does both.',
    ),
    evidence: restarts.flatMap(describe),
  })
}

function describe(restart: ObservedRestart): string[] {
  const { readiness, refusedAtMs } = restart
  const no = readiness.find(({ result }) => result === 'not-ready')
  if (no !== undefined && no.endedMs <= refusedAtMs) return []
  const refused = `${nameRestart(restart)}: refused ${formatMs(refusedAtMs)} after the signal`
  const yes = readiness.findLast(({ result, endedMs }) => result === 'ready' && endedMs <= refusedAtMs)
  if (yes !== undefined)
    return [`${refused}; the health check at ${formatMs(yes.endedMs)} was answered ${yes.status}`]
  return [`${refused}, before any health check was answered`]
}
