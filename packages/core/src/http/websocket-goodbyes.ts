import type { Cancel, Clock } from '../clock.js'
import type { Participant } from '../participants.js'
import { unsentOfWrite, whenStalled, type MaybeSocket } from '../stalled.js'
import { spreadMs } from './tell.js'

/** What a WebSocket of a server has to be able to do; those of `ws` can. */
export interface WebSocketClient {
  /** 3 when it is closed. */
  readonly readyState: number
  /** Bytes that are queued to be sent. */
  readonly bufferedAmount?: number
  close(code?: number, reason?: string): void
  terminate(): void
  once(event: 'close', listener: () => void): unknown
}

/** Who has not answered the close frame for so long, and has not read anything either, is cut. */
const silentMs = 2_000

/** How often newcomers are looked for. */
const lookMs = 100

/** Participants must be done by the drain deadline: this much earlier whoever is left is cut. */
const headStartMs = 100

/**
 * The goodbye of WebSockets: at last call each gets a close frame at its own random moment. Moments outlast the phase,
 * since a server that has only WebSockets has nothing to wait for in it. Whoever was told and is cut has had a fair
 * chance: that is no failure.
 */
export function sayGoodbye(options: {
  /** The live set: there is no event for those who come later. */
  clients: () => Iterable<WebSocketClient>
  clock: Clock
  code: number
  reason: string
  random: () => number
}): Participant {
  const { clients, clock, code, reason, random } = options
  /** Those who are not closed yet, with what undoes what is planned for them. */
  const leaving = new Map<WebSocketClient, Cancel>()
  /** Until when moments lie: whoever is found later is told at once. */
  let spreadUntil = -Infinity
  let stopLooking: Cancel = () => {}
  let look = (): void => {}
  let fail = (_error: unknown): void => {}

  const forget = (client: WebSocketClient): void => {
    leaving.get(client)?.()
    leaving.delete(client)
    look()
  }

  const cut = (client: WebSocketClient): void => {
    try {
      client.terminate()
    } catch {
      // it was to go in any case; what cannot be cut is not waited for
      forget(client)
    }
  }

  const tell = (client: WebSocketClient): void => {
    // counted from before the frame, which would look like progress when it is sent
    const giveUp = (): void => cut(client)
    leaving.set(
      client,
      whenStalled(() => unsent(client), { clock, ms: silentMs }, giveUp),
    )
    try {
      client.close(code, reason)
    } catch {
      cut(client)
    }
  }

  const admit = (client: WebSocketClient, count: number): void => {
    client.once('close', () => forget(client))
    const waitMs = random() * Math.min(spreadMs * count, spreadUntil - clock.now())
    const due = (): void => tell(client)
    if (waitMs > 0) leaving.set(client, clock.after(waitMs, due))
    else due()
  }

  const findNewcomers = (): void => {
    const open = [...clients()].filter(({ readyState }) => readyState !== closed)
    for (const client of open) if (!leaving.has(client)) admit(client, open.length)
  }

  const keepLooking = (): void => {
    stopLooking()
    findNewcomers()
    stopLooking = clock.after(lookMs, () => {
      try {
        keepLooking()
      } catch (error) {
        fail(error)
      }
    })
  }

  const cutAll = (): void => {
    for (const client of [...leaving.keys()]) {
      leaving.get(client)?.()
      cut(client)
    }
  }

  return {
    onLastCall({ remainingMs }) {
      spreadUntil = clock.now() + remainingMs / 2
      keepLooking()
    },
    onDrain: ({ signal, remainingMs }) =>
      new Promise((resolve, reject) => {
        fail = reject
        const giveUp = (): void => {
          cutAll()
          settle()
        }
        const cancel = clock.after(Math.max(0, remainingMs - headStartMs), giveUp)
        const settle = (): void => {
          cancel()
          signal.removeEventListener('abort', giveUp)
          resolve(undefined)
        }
        signal.addEventListener('abort', giveUp)
        spreadUntil = -Infinity
        keepLooking()
        look = () => {
          if (leaving.size === 0) settle()
        }
        look()
      }),
    onRelease() {
      stopLooking()
      findNewcomers()
      cutAll()
    },
  }
}

const closed = 3

/** `ws` has its socket there; others are taken at their word. */
function unsent(client: WebSocketClient): number {
  const { _socket } = client as { readonly _socket?: MaybeSocket | null }
  return (client.bufferedAmount ?? 0) + unsentOfWrite(_socket)
}
