import type { Cancel, Clock } from './clock.js'

/**
 * Calls back once when nobody has read anything for `ms`: when `unsent`, the number of bytes that are still to be sent,
 * has not become less for so long. What is queued for a slow reader therefore has all the time that it needs, and
 * somebody for whom nothing is queued has `ms`. It may become more in between: when bytes are written, and when Node
 * hands what a stream has buffered to the handle, where it counts twice until it is gone.
 */
export function whenStalled(
  unsent: () => number,
  { clock, ms }: { clock: Clock; ms: number },
  callback: () => void,
): Cancel {
  let before = unsent()
  let idleSteps = 0
  let cancel: Cancel
  const wait = (): void => {
    cancel = clock.after(ms / steps, () => {
      const left = unsent()
      idleSteps = left < before ? 0 : idleSteps + 1
      before = left
      if (idleSteps < steps) wait()
      else callback()
    })
  }
  wait()
  return () => cancel()
}

/** Calls back once when nothing has come from a client for a second. */
export const whenSilent = (
  { socket }: { readonly socket: { readonly bytesRead: number } },
  clock: Clock,
  callback: () => void,
): Cancel => whenStalled(() => -socket.bytesRead, { clock, ms: 1_000 }, callback)

/** How often it is looked at while the time runs. */
const steps = 4

/**
 * Bytes that the kernel has not taken yet. A stream counts a write until all of it is gone; within a large one only the
 * handle knows how much is left, which is also where Node's own `socket.setTimeout` looks (`net.js`, `_onTimeout`). That of
 * TLS encrypts all of it at once, and hands it to the one beneath.
 */
export function unsentBytes(socket: MaybeSocket | null | undefined): number {
  return (socket?.writableLength ?? 0) + unsentOfWrite(socket)
}

/** The second half of the sum alone, for who counts the first by itself. */
export function unsentOfWrite(socket: MaybeSocket | null | undefined): number {
  const { _handle: handle } = socket ?? {}
  const { _parent: beneath } = handle ?? {}
  return (handle?.writeQueueSize ?? 0) + (beneath?.writeQueueSize ?? 0)
}

/** A socket, as far as it can be relied on. */
export interface MaybeSocket {
  readonly writableLength?: number
  readonly _handle?: (Handle & { readonly _parent?: Handle | null }) | null
}

interface Handle {
  readonly writeQueueSize?: number
}
