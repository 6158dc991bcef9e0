import type { Socket } from 'node:net'
import type { Cancel, Clock } from '../clock.js'

/** How long draining waits for one after the last has ended, in ms. */
export const handshakeMs = 1_000

/** TLS handshakes in progress: their connections are accepted, and not open yet. */
export interface Handshakes {
  begin(socket: Socket): void
  /** Takes the socket that came out of it, which is another one than went in. */
  end(secured: Socket): void
  /** Settles when none is in progress, or none has ended for `silentMs`: some never do, and on a busy machine many take long. */
  over(silentMs: number): Promise<void>
  destroy(): void
}

export function createHandshakes(clock: Clock): Handshakes {
  const sockets = new Map<string, Socket>()
  const waiting = new Set<() => void>()
  const look = (): void => {
    for (const again of waiting) again()
  }
  return {
    begin(socket) {
      const address = addressOf(socket)
      sockets.set(address, socket)
      socket.once('close', () => {
        if (sockets.get(address) === socket) sockets.delete(address)
        look()
      })
    },
    end(secured) {
      sockets.delete(addressOf(secured))
      look()
    },
    over: (silentMs) =>
      new Promise((resolve) => {
        let cancel: Cancel = () => {}
        const settle = (): void => {
          waiting.delete(again)
          resolve()
        }
        const again = (): void => {
          cancel()
          if (sockets.size === 0) settle()
          else cancel = clock.after(silentMs, settle)
        }
        waiting.add(again)
        again()
      }),
    destroy() {
      for (const socket of [...sockets.values()]) socket.destroy()
    },
  }
}

const addressOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
