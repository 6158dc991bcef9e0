import { createMilestone } from '../milestone.js'
import type { Handshakes } from './handshakes.js'

/** What is planned for those who are left to tell in last call, until nobody is: handshakes in progress may bring more. */
export interface Farewells<Whom, Farewell> {
  readonly over: Promise<void>
  get(whom: Whom): Farewell | undefined
  plan(whom: Whom, farewell: Farewell): void
  /** Told, or gone. */
  forget(whom: Whom): void
  /** Nothing is planned any longer. */
  end(): void
}

export function createFarewells<Whom, Farewell>(options: {
  handshakes: Handshakes
  /** How long it waits for a handshake after the last one has ended. */
  silentMs: number
  cancel: (farewell: Farewell) => void
}): Farewells<Whom, Farewell> {
  const { handshakes, silentMs, cancel } = options
  const planned = new Map<Whom, Farewell>()
  let handshaking = true
  const over = createMilestone<void>()

  const look = (): void => {
    if (planned.size === 0 && !handshaking) over.reach()
  }
  const forget = (whom: Whom): void => {
    const farewell = planned.get(whom)
    if (farewell) cancel(farewell)
    planned.delete(whom)
    look()
  }

  // never rejects
  void handshakes.over(silentMs).then(() => {
    handshaking = false
    look()
  })
  return {
    over: over.promise,
    get: (whom) => planned.get(whom),
    plan: (whom, farewell) => void planned.set(whom, farewell),
    forget,
    end() {
      for (const whom of [...planned.keys()]) forget(whom)
      over.reach()
    },
  }
}
