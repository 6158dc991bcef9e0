import { severityOf, type Rule } from './rule.js'

/** What Last Call listens to unless it is told otherwise. */
const heard = new Set(['SIGTERM', 'SIGINT', '15', '2'])

/** A signal that the app does not listen to ends it on the spot, or is ignored until SIGKILL. */
export const stopSignal: Rule = ({ model, budgetOf }) =>
  model.containers.flatMap((container) => {
    const { name, stopSignal: given, system } = container
    const budget = budgetOf(container)
    if (!given || /[${]/.test(given.value)) return []
    const signal = given.value.toUpperCase().replace(/^(?!SIG|\d)/, 'SIG')
    const isKill = signal === 'SIGKILL' || signal === '9'
    if (heard.has(signal) || (!budget && !isKill)) return []
    return {
      code: 'stop-signal',
      severity: isKill ? 'error' : budget ? severityOf(budget) : 'note',
      at: given.at,
      message: isKill
        ? `${name} is stopped with SIGKILL: no shutdown can take place.`
        : `${name} is stopped with ${signal}, which Last Call does not listen to unless its option 'signals' has it.`,
      arithmetic: `${signal} ∉ { SIGTERM, SIGINT }`,
      fix: {
        docker: 'STOPSIGNAL SIGTERM',
        compose: 'stop_signal: SIGTERM',
        systemd: 'KillSignal=SIGTERM',
        kubernetes: 'lifecycle: { stopSignal: SIGTERM }',
        ecs: 'STOPSIGNAL SIGTERM',
      }[system],
    }
  })
