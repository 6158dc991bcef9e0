import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connectSocket } from './connect-socket.js'

/** A connection that is written to by hand, and everything it has received by its end. */
export async function openSocket(port: number): Promise<{ socket: Socket; received: Promise<string> }> {
  const { socket, stands } = connectSocket({ port }, {})
  await stands
  const received = text(socket)
  // a test that destroys the socket does not read it to its end
  received.catch(() => {})
  return { socket, received }
}
