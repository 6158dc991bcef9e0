import type { Deadlines } from './deadlines.js'
import { timedOut } from './errors.js'
import type { HoldRecord, Holds } from './holds.js'
import type { Logger } from './logger.js'
import type { Participants } from './participants.js'
import type { PhaseCallbacks } from './phase-callbacks.js'
import type { Serving } from './serving.js'

/** Knows what is in flight in one instance, and waits until nothing is: woken by each end, never by a clock. */
export interface Draining {
  readonly idle: boolean
  /** The deadline came first. */
  readonly gaveUp: boolean
  /** Holds that were left at the deadline. */
  readonly holdsCut: readonly HoldRecord[]
  /** Draining waits for this promise of a server too. */
  waitFor(server: Promise<unknown>): void
  /** Something ended, here or in another instance: looks again. */
  changed(): void
  /** Settles when `isOver`, at `deadlineAt` at the latest, with the reason in words. */
  run(isOver: () => boolean, deadlineAt: number): Promise<string>
}

export function createDraining(options: {
  participants: Participants
  callbacks: PhaseCallbacks
  holds: Holds
  servers: ReadonlySet<Serving>
  deadlines: Deadlines
  log: Logger
  /** How long resources have to close. */
  releaseMs: () => number
  onChange: () => void
}): Draining {
  const { participants, callbacks, holds, servers, deadlines, log, onChange } = options
  let busyServers = 0
  let gaveUp = false
  let holdsCut: readonly HoldRecord[] = []
  let endedUpgraded = false
  let lookAgain = (): void => {}

  const isIdle = (): boolean => busyServers === 0 && callbacks.busy.size === 0 && holds.size === 0

  const waitFor = (server: Promise<unknown>): void => {
    busyServers += 1
    const done = (): void => {
      busyServers -= 1
      onChange()
    }
    server.then(done, (error: unknown) => {
      log.error({ err: error }, 'draining a server failed')
      done()
    })
  }

  /** Those who own such a socket have said goodbye by the time that nothing is in flight. */
  const endUpgraded = (): void => {
    if (endedUpgraded || !isIdle()) return
    endedUpgraded = true
    for (const server of servers) {
      const ended = server.endUpgraded?.(options.releaseMs())
      if (ended) waitFor(ended)
    }
  }

  const giveUp = (): void => {
    gaveUp = true
    holdsCut = holds.records()
    for (const server of servers) server.cut()
    for (const entry of callbacks.busy.keys()) {
      entry.cut = true
      participants.fail(entry, timedOut(entry.name, 'Participant', deadlines.elapsed()), 'onDrain')
    }
    for (const { kind, label, ageMs } of holdsCut)
      log.warn({ kind, label, ageMs }, `hold '${kind}' is cut at the deadline`)
  }

  return {
    get idle() {
      return isIdle()
    },
    get gaveUp() {
      return gaveUp
    },
    get holdsCut() {
      return holdsCut
    },
    waitFor,
    changed: () => lookAgain(),
    run: (isOver, deadlineAt) =>
      new Promise((resolve) => {
        const cancel = deadlines.at(deadlineAt, () => {
          lookAgain = () => {}
          giveUp()
          resolve('its deadline')
        })
        lookAgain = () => {
          endUpgraded()
          if (!isOver()) return
          lookAgain = () => {}
          cancel()
          resolve('nothing is in flight')
        }
        lookAgain()
      }),
  }
}
