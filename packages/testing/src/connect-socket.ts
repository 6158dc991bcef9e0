import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

/** How the server ended a connection. A FIN in the middle of something is `truncated`. */
export type Ending = 'FIN' | 'reset' | 'truncated'

export interface ConnectOptions {
  readonly port: number
  readonly tls?: boolean
  /** Settles as soon as the kernel has a connection; with TLS the handshake goes on by itself. */
  readonly early?: boolean
}

/** A socket, and when it stands. `more`: what Node would be given beside; a path goes before the port. */
export function connectSocket(
  { port, tls = false, early = false }: ConnectOptions,
  more: {
    readonly allowHalfOpen?: boolean
    readonly ALPNProtocols?: string[]
    readonly path?: string
    readonly host?: string
  },
): { socket: Socket; stands: Promise<void> } {
  const where = { port, host: '127.0.0.1', rejectUnauthorized: false, ...more }
  const socket: Socket = tls ? connectSecurely(where) : connect(where)
  const stands = new Promise<void>((resolve, reject) => {
    socket.once(tls && !early ? 'secureConnect' : 'connect', () => resolve()).once('error', reject)
    socket.once('close', () => reject(new Error('closed before the connection stood')))
  })
  return { socket, stands }
}
