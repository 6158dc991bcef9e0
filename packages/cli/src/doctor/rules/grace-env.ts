import { formatMs } from '../parse/duration.js'
import { graceFromEnv } from '../workloads/app-budget.js'
import type { Container } from '../workloads/model.js'
import { nameGrace, sum } from './budget-over-grace.js'
import type { Rule } from './rule.js'

/** Less than this is what somebody kept in reserve. */
const unusedMs = 5_000

/** The variable says how long the app has from its signal on: the grace period less what a preStop hook takes. */
export const graceEnv: Rule = ({ model }) => model.containers.flatMap((container) => check(container) ?? [])

function check({ name, env, grace, preStop }: Container): ReturnType<Rule>[number] | undefined {
  const set = env.get('LASTCALL_GRACE_PERIOD_MS')
  if (!set || set.value === undefined || set.value === '') return undefined
  const { at } = set
  const hookMs = preStop && !preStop.drains ? preStop.ms : 0
  const ms = graceFromEnv(set.value)
  const roomMs = (grace?.ms ?? 30_000) - hookMs
  const fix = roomMs >= 1_000 ? `LASTCALL_GRACE_PERIOD_MS: '${roomMs}'` : grace?.write(hookMs + 30_000)
  if (ms === undefined) {
    if (/[$<{]/.test(set.value)) return undefined
    const message = `LASTCALL_GRACE_PERIOD_MS of ${name} is no number of milliseconds from 100 on: the app will not start.`
    return {
      code: 'grace-env',
      severity: 'error',
      at,
      message,
      arithmetic: `'${set.value.slice(0, 40)}'`,
      ...(fix === undefined ? {} : { fix }),
    }
  }
  if (!grace || fix === undefined) return undefined
  const arithmetic = sum(hookMs, ms, 'LASTCALL_GRACE_PERIOD_MS')
  if (ms > roomMs) {
    const message = `${name} is told that it has more time than it gets: SIGKILL comes before its shutdown has to be over.`
    return {
      code: 'grace-env',
      severity: 'error',
      at,
      message,
      arithmetic: `${arithmetic} > ${nameGrace(grace)}`,
      fix,
    }
  }
  if (roomMs - ms <= unusedMs) return undefined
  const message = `${name} gives up ${formatMs(roomMs - ms)} before it has to.`
  return {
    code: 'grace-env',
    severity: 'note',
    at,
    message,
    arithmetic: `${arithmetic} < ${nameGrace(grace)}`,
    fix,
  }
}
