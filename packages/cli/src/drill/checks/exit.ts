import type { Observed, ObservedRestart } from '../observation/observed.js'
import { formatMs } from '../text/format-number.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, isWrapped, leaveUnheard } from './heard.js'
import { nameRestart } from './in-words.js'
import { judge } from './judge.js'
import { nameOf } from './signal-swallowed.js'

/** How the process ended, when it ended by itself. */
export function checkExit(observed: Observed): readonly Finding[] {
  const restarts = heard(observed)
  if (restarts.length === 0) {
    return ['exit-code', 'exit-by-signal'].map(leaveUnheard)
  }
  const ended = restarts.filter(({ forced }) => !forced)
  const describe = (restart: ObservedRestart, how: string): string =>
    `${nameRestart(restart)}: ${how} after ${formatMs(restart.stopMs)}`
  const adviseUnlessWrapped = (advice: string): string => {
    const wrapped = ended.find((restart) => isWrapped(restart) && !isTransparent(restart))
    if (wrapped === undefined) return advice
    const front = nameOf(wrapped.processes.before.signalled)
    return `So ended ${front}, whatever the app behind it did: start the app itself, and orchestrators learn how that ends.`
  }
  return [
    judge({
      code: 'exit-code',
      fine: 'No restart ended with a failing exit code',
      wrong: 'The app ended with an exit code other than 0',
      advice: adviseUnlessWrapped(
        "Orchestrators and their alerts take anything but 0 for a failure. Exit with 0 when everything has been finished, and look in the app's log for what was not.",
      ),
      evidence: ended.flatMap((restart) =>
        restart.exitCode === 0 || restart.exitCode === null
          ? []
          : [describe(restart, `exit code ${restart.exitCode}`)],
      ),
    }),
    judge({
      code: 'exit-by-signal',
      fine: 'No restart was ended by its signal',
      wrong: 'The app was ended by the signal',
      advice: adviseUnlessWrapped(
        advise(
          observed,
          'Nobody handles SIGTERM to the end, so the process is gone in the middle of its work. Handle it: stop accepting, finish what is in flight, release what is held, exit with 0.',
          'Last Call does all of it.',
        ),
      ),
      evidence: ended.flatMap((restart) =>
        restart.exitSignal === null ? [] : [describe(restart, `ended by ${restart.exitSignal}`)],
      ),
    }),
  ]
}

/** An init for containers, which ends as what it has started. */
function isTransparent({ processes: { before } }: ObservedRestart): boolean {
  return /^(\S*\/)?(tini|dumb-init|catatonit|docker-init)(\s|$)/.test(before.signalled?.command ?? '')
}
