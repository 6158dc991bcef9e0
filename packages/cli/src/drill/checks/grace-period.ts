import type { Observed } from '../observation/observed.js'
import { formatMs, formatNumber } from '../text/format-number.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, leaveUnheard } from './heard.js'
import { nameRestart } from './in-words.js'
import { judge } from './judge.js'

const code = 'grace-period'
/** With more than this part of it used, a busy day uses it up. */
const warnFrom = 0.8

/** Whether the app ends in time. */
export function checkGrace(observed: Observed): Finding {
  const restarts = heard(observed)
  if (restarts.length === 0) {
    return leaveUnheard(code)
  }
  const { graceMs } = observed.options
  const grace = formatMs(graceMs)
  const forced = restarts.filter((restart) => restart.forced)
  if (forced.length > 0) {
    return judge({
      code,
      fine: '',
      wrong: `The app was still running when its grace period of ${grace} was over, and was stopped by force`,
      advice: advise(
        observed,
        'Whatever is left at that moment is cut. Give everything that is waited for (connections that stay open, jobs, pools) an end of its own before the grace period is over; --grace has to be what the platform grants.',
        'Last Call ends by itself before then, and names what was left.',
      ),
      evidence: forced.map(
        (restart) => `${nameRestart(restart)}: stopped by force after ${formatMs(restart.stopMs)}`,
      ),
    })
  }
  const [longest] = restarts.toSorted((a, b) => b.stopMs - a.stopMs)
  const used = longest === undefined ? 0 : longest.stopMs / graceMs
  return judge({
    code,
    verdict: 'warning',
    fine: `The app ended within its grace period: after ${formatNumber(longest?.stopMs ?? 0)} of ${grace} at the latest`,
    wrong: `The app uses ${Math.round(used * 100)} % of its grace period of ${grace}`,
    advice:
      'On a busier machine it will not end in time. Shorten what it waits for, or have the platform grant more.',
    evidence:
      longest !== undefined && used > warnFrom
        ? [`${nameRestart(longest)}: ${formatMs(longest.stopMs)}, the longest`]
        : [],
  })
}
