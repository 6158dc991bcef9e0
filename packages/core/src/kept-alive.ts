import { polled, type Clock } from './clock.js'
import type { Registry } from './registry.js'

/** By Node's names for resources; how many of each, if nothing else is said. */
export type Resources<T = number> = Readonly<Record<string, T>>

/** What a participant has to do about each. Other names speak for themselves. */
const remedies: Resources<string> = {
  Timeout: 'clear the timer, or unref it',
  TCPSocketWrap: 'end the pool or client',
  TCPServerWrap: 'close the server',
  PipeWrap: 'end the child process, or pause stdin',
  ProcessWrap: 'end the child process',
  UDPWrap: 'close the datagram socket',
  MessagePort: 'terminate the worker',
  FSEventWrap: 'close the file watcher',
}

/**
 * What holds the loop open, beside `ourTimers`, stdout and stderr. Not all of it does: Node counts an open handle on
 * which nothing happens, too.
 */
export function keptAliveBy(ourTimers: number): Resources {
  const counts: Record<string, number> = {}
  const count = (name: string, step: number): void => {
    const next = (counts[name] ?? 0) + step
    if (next > 0) counts[name] = next
    else delete counts[name]
  }
  for (const name of process.getActiveResourcesInfo()) count(name, 1)
  count('Timeout', -ourTimers)
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.isTTY) count('TTYWrap', -1)
    // a file has no handle
    else if ('connecting' in stream) count('PipeWrap', -1)
  }
  return counts
}

/** What the last instance of a process-wide shutdown finds that has released its own: others have theirs until then. */
export async function keptAliveAtLast(registry: Registry, clock: Clock): Promise<Resources> {
  const members = [...registry.members]
  if (!registry.timeline || members.filter(({ released }) => !released).length > 1) return {}
  // node:cluster and PM2 listen to it, so it would keep each of their processes
  if (members.every(({ mayExit }) => mayExit)) process.channel?.unref()
  // what was closed a moment ago is gone by then
  await polled(clock)
  return keptAliveBy(clock.held)
}

/** `Timeout × 2, TCPSocketWrap` */
export const nameResources = (resources: Resources): string =>
  Object.entries(resources)
    .map(([name, count]) => (count === 1 ? name : `${name} × ${count}`))
    .join(', ') || 'something that Node does not name, such as a worker,'

export const remediesFor = (resources: Resources): Resources<string | undefined> =>
  Object.fromEntries(Object.keys(resources).map((name) => [name, remedies[name]]))
