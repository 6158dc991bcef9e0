import type { Observed, ObservedRestart } from '../observation/observed.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, leaveUnheard } from './heard.js'
import { count, nameRestart } from './in-words.js'
import { judge, leaveUnchecked } from './judge.js'

const code = 'repeated-sigterm'

/** Whether a signal that comes again changes anything: platforms and wrappers repeat it. */
export function checkRepeated(observed: Observed): Finding {
  const title = 'It is not known whether a repeated SIGTERM changes anything'
  const restarts = heard(observed)
  if (restarts.length === 0) return leaveUnheard(code)
  const repeated = restarts.filter(({ signals }) => signals > 1)
  const others = restarts.filter(({ signals }) => signals === 1)
  if (observed.restarts.length === 1 || others.length === 0) {
    return leaveUnchecked({
      code,
      title,
      why: 'there was no other restart to compare with',
      advice: 'Leave --restarts at 2 or more: the signal is repeated in the last one.',
    })
  }
  return judge({
    code,
    fine: 'A repeated SIGTERM changes nothing',
    wrong: 'A repeated SIGTERM changes how the app ends',
    advice: advise(
      observed,
      'Platforms, process managers and impatient users send it more than once. Handle every SIGTERM, and let only the first begin the shutdown: a handler that removes itself leaves the second to the default action.',
      'Last Call ignores repetitions.',
    ),
    evidence: repeated.flatMap((restart) => describe(restart, others)),
  })
}

function describe(restart: ObservedRestart, others: readonly ObservedRestart[]): string[] {
  const changes: string[] = []
  if (!others.some((other) => endsAs(restart, other)))
    changes.push(`${nameEnd(restart)} instead of ${nameEnd(others[0])}`)
  // Who is gone with the first signal loses more or less by chance.
  const endsByItself = restart.exitSignal === null && !restart.forced
  if (endsByItself && restart.lost > 0 && others.every(({ lost }) => lost === 0)) {
    changes.push(`${count(restart.lost, 'request')} lost`)
  }
  if (changes.length === 0) return []
  return [`${nameRestart(restart)}, sent ${restart.signals} times: ${changes.join(', ')}`]
}

function endsAs(one: ObservedRestart, other: ObservedRestart): boolean {
  return nameEnd(one) === nameEnd(other)
}

function nameEnd(restart: ObservedRestart | undefined): string {
  if (restart?.forced) return 'stopped by force'
  if (restart?.exitSignal != null) return `ended by ${restart.exitSignal}`
  return `exit code ${restart?.exitCode ?? 0}`
}
