import type { Rule } from './rule.js'

/** After a crash the app finishes what it has and exits with 1: somebody has to start it again. */
export const noRestart: Rule = ({ model, budgetOf }) => {
  // in a file for development nothing is restarted
  const files = new Set(model.containers.flatMap(({ restarts, at }) => (restarts ? at.file : [])))
  return model.containers.flatMap((container) => {
    const { system, name, at, restarts, isPartial, ports, launch } = container
    const certainty = budgetOf(container)?.certainty
    if (system !== 'compose' || restarts || isPartial || ports.length === 0 || !files.has(at.file)) return []
    if (certainty !== 'certain' && certainty !== 'likely') return []
    if (launch?.fronts.some(({ kind }) => kind === 'watcher')) return []
    return {
      code: 'no-restart',
      severity: 'note',
      at,
      message: `${name} has no restart policy, and others here do: after a crash it finishes what it has, exits with 1, and stays away.`,
      fix: 'restart: unless-stopped',
    }
  })
}
