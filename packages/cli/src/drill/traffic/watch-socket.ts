import type { Socket } from 'node:net'

/** Tells when a socket that is connecting has been connected, and when it has closed after that. */
export function watchSocket(socket: Socket, onChange: (isOpen: boolean) => void): void {
  socket.once('connect', () => {
    onChange(true)
    socket.once('close', () => onChange(false))
  })
}
