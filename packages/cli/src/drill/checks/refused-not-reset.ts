import type { Observed } from '../observation/observed.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, leaveUnheard } from './heard.js'
import { count, describeMoments, nameRestart } from './in-words.js'
import { judge } from './judge.js'

const code = 'refused-not-reset'

/** Whether who comes too late is told so, and can go elsewhere. */
export function checkLateConnections(observed: Observed): Finding {
  const restarts = heard(observed)
  if (restarts.length === 0) {
    return leaveUnheard(code)
  }
  return judge({
    code,
    fine: 'Late connections were answered or refused, and none was reset',
    wrong: 'New connections were accepted and then cut without an answer',
    advice: advise(
      observed,
      'Whoever is refused can go elsewhere; whoever was accepted does not know what has become of the request. Accept and answer what waits in the listen queue before the listener closes, and close it before the process exits.',
      'Last Call empties the queue first; `server.close()` resets it.',
    ),
    evidence: restarts.flatMap((restart) => {
      const { resetAtMs, forced, exitSignal, processes } = restart
      // These cut everybody, and have findings of their own.
      if (resetAtMs.length === 0 || forced || exitSignal !== null || processes.portHeld) return []
      return [
        `${nameRestart(restart)}: ${count(resetAtMs.length, 'connection')}, ${describeMoments(resetAtMs)}`,
      ]
    }),
  })
}
