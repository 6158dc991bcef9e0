import type { Observed, ObservedRestart } from '../observation/observed.js'
import { describeChain } from '../processes/app-processes.js'
import { describeRelative, shorten } from '../processes/family.js'
import type { Relative } from '../processes/family.js'
import { formatMs } from '../text/format-number.js'
import type { Finding } from './finding.js'
import { findDeserted } from './heard.js'
import { nameRestart } from './in-words.js'
import { judge, leaveUnchecked } from './judge.js'

const code = 'signal-swallowed'

/** Whether the signal gets through whatever stands before the app. */
export function checkSwallowed({ restarts }: Observed): Finding {
  if (restarts.every(({ processes }) => processes.before.listeners.length === 0)) {
    return leaveUnchecked({
      code,
      title: 'It is not known whether the signal reaches the app itself',
      why: 'it could not be seen which process listens on the port',
      advice:
        'Where there is no /proc the drill asks lsof: install it. An app in a container cannot be looked into.',
    })
  }
  const deserted = restarts.flatMap((restart) => {
    const [listener] = findDeserted(restart)
    return listener === undefined ? [] : [{ restart, listener }]
  })
  const [first] = deserted
  return judge({
    code,
    fine: 'The signal reaches the app',
    wrong: 'What starts the app keeps the signal to itself: the app behind it is not told to stop',
    advice: first === undefined ? '' : adviseOn(first.restart, first.listener),
    evidence: deserted.map(({ restart, listener }) => describe(restart, listener)),
  })
}

function describe(restart: ObservedRestart, listener: Relative): string {
  const { before } = restart.processes
  const app = describeRelative(listener)
  const happened = restart.forced
    ? `${app} was never sent the signal, and had to be stopped by force`
    : `${nameOf(before.signalled)} ended after ${formatMs(restart.stopMs)}, and ${app} went on`
  return `${nameRestart(restart)}: ${happened} (${describeChain(before, listener)})`
}

const managers = /(^|[\s/])(npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|corepack)(\.c?js)?(\s|$)/
const shells = /^(\S*\/)?(sh|bash|dash|ash|zsh|ksh|busybox)(\s|$)/

function adviseOn({ processes: { before } }: ObservedRestart, listener: Relative): string {
  const app = shorten(listener.command)
  const words = JSON.stringify(listener.command.split(' '))
  const wrapper = before.signalled?.command ?? ''
  const direct = `Start the app itself: \`${app}\`, in a Dockerfile CMD ${shorten(words)}`
  if (managers.test(wrapper)) return `${direct}, and not by ${nameOf(before.signalled)}.`
  if (shells.test(wrapper))
    return `${direct} without a shell. In a script, write \`exec ${app}\` as its last command.`
  return `${direct}. Or have ${nameOf(before.signalled)} pass SIGTERM on, and wait until the app has ended.`
}

/** `npm start`, `sh` */
export function nameOf(relative: Relative | undefined): string {
  if (relative === undefined) return 'what was started'
  const { command } = relative
  return shells.test(command) ? (command.split(' ')[0] ?? command) : shorten(command)
}
