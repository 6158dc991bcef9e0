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
  onChange: () => void
}): Draining {
  const { participants, callbacks, holds, servers, deadlines, log, onChange } = options
  let busyServers = 0
  let gaveUp = false
  let holdsCut: readonly HoldRecord[] = []
  let lookAgain = (): void => {}

  const giveUp = (): void => {
    gaveUp = true
    holdsCut = holds.records()
    for (const server of servers) server.cut()
    for (const entry of callbacks.busy) {
      entry.cut = true
      participants.fail(entry, timedOut(entry.name, 'Participant', deadlines.elapsed()), 'onDrain')
    }
    for (const { kind, label, ageMs } of holdsCut)
      log.warn({ kind, label, ageMs }, `hold '${kind}' is cut at the deadline`)
  }

  return {
    get idle() {
      return busyServers === 0 && callbacks.busy.size === 0 && holds.size === 0
    },
    get gaveUp() {
      return gaveUp
    },
    get holdsCut() {
      return holdsCut
    },
    waitFor(server) {
      busyServers += 1
      const done = (): void => {
        busyServers -= 1
        onChange()
      }
      server.then(done, (error: unknown) => {
        log.error({ err: error }, 'draining a server failed')
        done()
      })
    },
    changed: () => lookAgain(),
    run: (isOver, deadlineAt) =>
      new Promise((resolve) => {
        const cancel = deadlines.at(deadlineAt, () => {
          lookAgain = () => {}
          giveUp()
          resolve('its deadline')
        })
        lookAgain = () => {
          if (!isOver()) return
          lookAgain = () => {}
          cancel()
          resolve('nothing is in flight')
        }
        lookAgain()
      }),
  }
}
