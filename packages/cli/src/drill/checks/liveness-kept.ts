import type { Observed, ObservedRestart, Probe } from '../observation/observed.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, leaveUnheard } from './heard.js'
import { describeMoments, nameRestart } from './in-words.js'
import { judge, leaveUnchecked } from './judge.js'

const code = 'liveness-kept'

/** Whether the app says that it lives for as long as it can be asked. */
export function checkLiveness(observed: Observed): Finding {
  const { unknown } = observed
  const title = 'It is not known whether the app seems alive while it shuts down'
  if (unknown.liveness !== undefined) {
    return leaveUnchecked({
      code,
      title,
      why: unknown.liveness,
      advice: advise(
        observed,
        'Add a path that answers 200 for as long as the process runs, and name it with --live.',
        'Last Call answers /livez so.',
      ),
    })
  }
  const restarts = heard(observed)
  if (restarts.length === 0) return leaveUnheard(code)
  const denied = restarts.flatMap((restart) => describe(restart, ({ result }) => result === 'not-ready'))
  const late = restarts
    // Where somebody else holds the port, nobody answers there: that is a finding of its own.
    .filter(({ processes }) => !processes.portHeld)
    .flatMap((restart) => describe(restart, ({ error }) => error === 'timeout'))
  return judge({
    code,
    verdict: denied.length > 0 ? 'failed' : 'warning',
    fine: 'Liveness was answered until the listener closed',
    wrong: 'While it shut down, the app did not seem alive',
    advice: advise(
      observed,
      'An orchestrator stops what is not alive by force, in the middle of its shutdown. Liveness only asks whether the process runs: answer it with 200 to the end, and leave it to readiness to say no.',
      "Last Call's /livez does.",
    ),
    evidence: [...denied, ...late],
  })
}

function describe(restart: ObservedRestart, which: (probe: Probe) => boolean): string[] {
  const wrong = restart.liveness.filter(which)
  if (wrong.length === 0) return []
  const statuses = new Set(wrong.flatMap(({ status }) => status ?? []))
  const answered = statuses.size > 0 ? `status ${[...statuses].join(', ')}` : 'no answer in time'
  return [`${nameRestart(restart)}: ${answered}, ${describeMoments(wrong.map(({ endedMs }) => endedMs))}`]
}
