import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'

/** TLS handshakes in progress: their connections are accepted, and not open yet. */
export interface Handshakes {
  begin(socket: Socket): void
  /** Takes the socket that came out of it, which is another one than went in. */
  end(secured: Socket): void
  /** Settles when none is in progress, after `maxMs` at the latest: some never end. */
  over(maxMs: number): Promise<void>
  destroy(): void
}

export function createHandshakes(clock: Clock): Handshakes {
  const sockets = new Map<string, Socket>()
  const waiting = new Set<() => void>()
  const look = (): void => {
    if (sockets.size === 0) for (const done of waiting) done()
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
    over: (maxMs) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done)
          cancel()
          resolve()
        }
        const cancel = clock.after(maxMs, done)
        waiting.add(done)
        look()
      }),
    destroy() {
      for (const socket of [...sockets.values()]) socket.destroy()
    },
  }
}

const addressOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
