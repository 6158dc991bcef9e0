import { setTimeout } from 'node:timers/promises'
import { checkHealth } from '../probes/health-check.js'
import type { Check, HealthCheckOptions } from '../probes/health-check.js'
import type { Target } from '../target.js'
import type { AppProcesses } from './app-processes.js'
import type { Relative } from './family.js'

const patienceMs = 1_000
const lookEveryMs = 50

/**
 * When the grace period is over and the app behind a wrapper goes on as ever: was it told to stop, or does it not mind?
 * It is sent the signal itself. If that changes anything, the wrapper has kept the first one.
 */
export async function findUnsignalled(
  { signalled, listeners }: AppProcesses,
  target: Target,
  readiness: HealthCheckOptions,
): Promise<readonly Relative[]> {
  if (listeners.some(({ pid }) => pid === signalled?.pid)) return []
  const look = (): Promise<Check> => checkHealth(target, { ...readiness, timeoutMs: patienceMs })
  const before = await look()
  // Not ready any more, or nobody there: it knows.
  if (before.status === undefined || before.status >= 500) return []
  for (const { pid } of listeners) signal(pid)
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookEveryMs) {
    await setTimeout(lookEveryMs)
    if ((await look()).status !== before.status) return listeners
  }
  return []
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // it has ended in the meantime
  }
}
