/**
 * Where a shutdown stands. Forward only.
 *
 * - `starting`: not ready yet · `running`: normal service
 * - `lame-duck`: reported not ready, still serving everything
 * - `last-call`: listener closed, open connections served until each is told to go
 * - `draining`: work in flight finishes, the rest is refused
 * - `releasing`: resources close · `stopped`: over
 */
export type Phase = (typeof phases)[number]

export const phases = [
  'starting',
  'running',
  'lame-duck',
  'last-call',
  'draining',
  'releasing',
  'stopped',
] as const

/** Whether `phase` comes before `other`. */
export const isBefore = (phase: Phase, other: Phase): boolean => phases.indexOf(phase) < phases.indexOf(other)

export interface PhaseTrack {
  readonly current: Phase
  /** Moves forward and tells every listener before it returns. Going back or staying is ignored: false. */
  advance(to: Phase): boolean
  subscribe(listener: (phase: Phase) => void): () => void
}

export function createPhaseTrack(onListenerError: (error: unknown) => void): PhaseTrack {
  const listeners = new Set<(phase: Phase) => void>()
  let current: Phase = 'starting'
  return {
    get current() {
      return current
    },
    advance(to) {
      if (!isBefore(current, to)) return false
      current = to
      for (const listener of [...listeners]) {
        // async, since it may reject
        const tell = async (): Promise<void> => listener(to)
        tell().catch(onListenerError)
      }
      return true
    },
    subscribe(listener) {
      // wrapped, so that the same function subscribed twice is told twice and unsubscribes once
      const entry = (phase: Phase): void => listener(phase)
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}
