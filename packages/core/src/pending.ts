import { traffic } from './boundaries.js'
import type { Parts } from './parts.js'

/** In words, what an instance still waits for. */
export function pendingIn({ phases, servers, holds, participants }: Parts): string[] {
  if (phases.current === 'stopped') return []
  const { inFlight } = traffic(servers)
  return [
    `phase ${phases.current}`,
    ...(inFlight > 0 ? [`${inFlight} requests in flight`] : []),
    ...holds
      .records()
      .map(
        ({ kind, label, ageMs }) =>
          `hold '${kind}'${label === undefined ? '' : ` ${label}`}, ${ageMs} ms old`,
      ),
    ...participants.unfinished().map((name) => `participant '${name}'`),
  ]
}
