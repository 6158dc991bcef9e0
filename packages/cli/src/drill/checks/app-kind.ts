import type { Observed } from '../observation/observed.js'

/** General advice, and what Last Call does about it when that is of use. */
export function advise(observed: Observed, general: string, ours: string): string {
  return looksLikeNode(observed) ? `${general} ${ours}` : general
}

/** Whether Last Call could help: what listens, or what was started, looks like Node. */
function looksLikeNode({ options, restarts }: Observed): boolean {
  const listeners = restarts.flatMap(({ processes }) => processes.before.listeners)
  return [...listeners.map(({ command }) => command), options.command.join(' ')].some((command) =>
    /(^|\/)(node|nodejs|npm|npx|pnpm|yarn|tsx|ts-node|nest|next)(\s|$)|\.[cm]?[jt]s(\s|$)/.test(command),
  )
}
