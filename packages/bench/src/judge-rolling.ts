import type { Measured } from './rolling-cells.js'
import type { Restart } from './stack.js'
import { formatNumber, formatSeconds } from './summary.js'

/** What a stack is held to, and what came out. */
export interface Finding {
  readonly text: string
  readonly fails: boolean
}

/** Ours must lose nothing, the control something: a run in which nobody loses proves nothing. */
export function judgeRolling(measured: readonly Measured[]): readonly Finding[] {
  if (measured.length === 0) return [{ text: 'nothing was measured', fails: true }]
  const ours = measured.filter(({ contender }) => contender.kind === 'ours')
  const control = measured.filter(({ contender }) => contender.kind === 'control')
  return [...ours.map(judgeOurs), judgeControl(control)]
}

/** Something was lost, for a client or by the balancer's count. */
export const isCostly = ({ lost, errors }: Restart): boolean =>
  lost.length > 0 || (errors !== undefined && errors.connecting + errors.responding > 0)

/** It did not end by itself and with 0. */
export const isUnclean = ({ exitCode, forced }: Restart): boolean => exitCode !== 0 || forced

function judgeOurs(measured: Measured): Finding {
  const findings = [judgeLosses(measured), judgeExits(measured), judgeDuration(measured)].flatMap(
    (finding) => finding ?? [],
  )
  return {
    text: `${measured.stack.title}: ${findings.map(({ text }) => text).join('; ')}`,
    fails: findings.some(({ fails }) => fails),
  }
}

/**
 * nginx asks nobody whether a backend is ready: a POST may cross the close of an idle connection of its pool, and it sends none twice.
 * One restart in 200 may lose something there. So may one of fewer: the longer nginx waits for a processor, the more cross.
 */
function judgeLosses({ stack, restarts }: Measured): Finding {
  const allowed = stack.front === 'nginx' ? Math.max(1, Math.floor(restarts.length / 200)) : 0
  const costly = restarts.filter(isCostly).length
  const text = `${costly} of ${formatNumber(restarts.length)} restarts lost something (at most ${allowed})`
  return { text, fails: costly > allowed }
}

function judgeExits({ restarts }: Measured): Finding {
  const unclean = restarts.filter(isUnclean).length
  return { text: `${unclean} did not exit with 0 (at most 0)`, fails: unclean > 0 }
}

/** A shorter run may share its processors with anything, and says nothing about time. */
const longRun = 50

function judgeDuration({ stack, restarts }: Measured): Finding | undefined {
  if (stack.front !== 'haproxy') return undefined
  const [latest] = restarts
    .flatMap(({ stopMs, exitBoundMs: boundMs }) => (boundMs === undefined ? [] : [{ stopMs, boundMs }]))
    .toSorted((a, b) => b.stopMs - b.boundMs - (a.stopMs - a.boundMs))
  if (!latest) return { text: 'no shutdown was reported', fails: true }
  return {
    text: `exit after ${formatSeconds(latest.stopMs)} (at most ${formatSeconds(latest.boundMs)})`,
    fails: restarts.length >= longRun && latest.stopMs > latest.boundMs,
  }
}

/** Behind nginx even a plain close often loses nothing, since who is refused is sent to the next. */
function judgeControl(control: readonly Measured[]): Finding {
  const restarts = control.flatMap((measured) => (measured.stack.front === 'nginx' ? [] : measured.restarts))
  if (restarts.length === 0) return { text: 'no control behind HAProxy or without a balancer', fails: false }
  const costly = restarts.filter(isCostly).length
  const text = `control, but behind nginx: ${costly} of ${formatNumber(restarts.length)} restarts lost something (at least 1)`
  return { text, fails: costly === 0 }
}
