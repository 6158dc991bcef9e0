import type { Clock } from './clock.js'

/** Work that must finish before anything is released. Give it back once; more often does nothing. */
export interface Hold {
  release(): void
  [Symbol.dispose](): void
}

/** A hold as a report names it. */
export interface HoldRecord {
  readonly kind: string
  readonly label: string | undefined
  readonly ageMs: number
}

export interface Holds {
  readonly size: number
  take(kind: string, label: string | undefined): Hold
  records(): HoldRecord[]
}

export function createHolds(clock: Clock, onRelease: () => void): Holds {
  const taken = new Set<{ kind: string; label: string | undefined; at: number }>()
  return {
    get size() {
      return taken.size
    },
    take(kind, label) {
      const entry = { kind, label, at: clock.now() }
      taken.add(entry)
      const release = (): void => {
        if (taken.delete(entry)) onRelease()
      }
      return { release, [Symbol.dispose]: release }
    },
    records() {
      const now = clock.now()
      return [...taken].map(({ kind, label, at }) => ({ kind, label, ageMs: Math.round(now - at) }))
    },
  }
}
