import type { Clock } from '../clock.js'
import { whenStalled } from '../stalled.js'

/** An answer that may be a stream of server-sent events, whatever its protocol. */
export interface OpenAnswer {
  /** What there is one of for each answer. */
  readonly identity: object
  readonly method: string | undefined
  /** Flushed or destroyed. */
  readonly isOver: boolean
  /** Calls back once its headers are out. */
  afterHeaders(callback: () => void): void
  /** Once they are. */
  contentType(): unknown
  /** Ends it in its own way, and swallows what its handler writes later. Throws when it cannot be ended. */
  end(): void
  destroy(): void
  /** Becomes less as long as its client reads. */
  unsent(): number
  onceClosed(callback: () => void): void
}

/** A client that reads nothing for so long after its stream was ended is cut. */
const silentMs = 2_000

const planned = new WeakSet<object>()
const ended = new WeakSet<object>()

/** Nobody waits for it at the drain deadline, and it is no request that was cut. */
export const wasEnded = (identity: object): boolean => ended.has(identity)

/**
 * Ends an answer at its moment if it is a stream of server-sent events, which would never end by itself: its client
 * connects again, elsewhere. One whose headers are not out yet is looked at when they are. Nothing is written into it,
 * since whoever writes it may be in the middle of an event. Only streams that answer a GET: an EventSource sends nothing
 * else, whereas the answer to a POST may well stream its events to an end of its own.
 */
export function endIfStream(
  answer: OpenAnswer,
  { clock, at = -Infinity }: { clock: Clock; at?: number | undefined },
): void {
  const { identity, method } = answer
  if (method !== 'GET' || planned.has(identity)) return
  planned.add(identity)
  const due = (): void => end(answer, clock)
  answer.afterHeaders(() => {
    if (!/^text\/event-stream *(;|$)/i.test(String(answer.contentType()).trim())) return
    const waitMs = at - clock.now()
    if (waitMs > 0) clock.after(waitMs, due)
    // what the handler writes along with the headers still goes out
    else clock.turn(due)
  })
}

function end(answer: OpenAnswer, clock: Clock): void {
  if (answer.isOver) return
  ended.add(answer.identity)
  try {
    answer.end()
  } catch {
    // it announced a length that it did not keep
    answer.destroy()
  }
  const giveUp = (): void => answer.destroy()
  answer.onceClosed(whenStalled(() => answer.unsent(), { clock, ms: silentMs }, giveUp))
}
