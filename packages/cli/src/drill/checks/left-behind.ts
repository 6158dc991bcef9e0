import type { Observed } from '../observation/observed.js'
import { describeRelative } from '../processes/family.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, leaveUnheard } from './heard.js'
import { nameRestart } from './in-words.js'
import { judge } from './judge.js'

/** What outlives the process that was told to stop. */
export function checkLeftBehind(observed: Observed): readonly Finding[] {
  const restarts = heard(observed)
  if (restarts.length === 0) {
    return ['children-left', 'port-held'].map(leaveUnheard)
  }
  return [
    judge({
      code: 'children-left',
      fine: 'No process of the app was left behind',
      wrong: 'Processes that the app had started were left behind',
      advice: advise(
        observed,
        'In a container they are stopped by force in the middle of their work; elsewhere they stay for ever. Tell them to stop, and wait for their end before the exit.',
        'Last Call: stop them in the `onRelease` of a participant.',
      ),
      evidence: restarts.flatMap((restart) => {
        const { left } = restart.processes
        return left.length === 0 ? [] : [`${nameRestart(restart)}: ${left.map(describeRelative).join(', ')}`]
      }),
    }),
    judge({
      code: 'port-held',
      fine: 'The port was free after the exit',
      wrong: 'After the exit the port was still taken',
      advice:
        'The next start fails with "address already in use", or its connections go to a process that nobody knows. Let whoever has inherited the listening socket close it, and end before the first process does.',
      evidence: restarts.flatMap((restart) => {
        const { portHeld, holding } = restart.processes
        if (!portHeld) return []
        const who =
          holding.length === 0 ? 'a process that could not be seen' : holding.map(describeRelative).join(', ')
        return [`${nameRestart(restart)}: by ${who}`]
      }),
    }),
  ]
}
