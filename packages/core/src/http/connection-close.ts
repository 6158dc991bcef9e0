import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Cancel, Clock } from '../clock.js'
import type { Connection } from './connection.js'
import type { Traffic } from './connections.js'

/** How long a closed connection waits for the client to send more or to close its side: nginx's `lingering_timeout`. */
export const lingerMs = 2_000

/** Calls back once, right before the headers of a response are written. */
export function beforeHeaders(res: ServerResponse, callback: () => void): void {
  if (res.headersSent) return
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse
  let called = false
  // every way to answer ends in writeHead, the implicit ones included
  res.writeHead = (...args: unknown[]) => {
    if (!called) {
      called = true
      callback()
    }
    // what the handler says about the connection would win over what the callback set
    return writeHead(...(res.getHeader('connection') === 'close' ? args.map(withoutConnection) : args))
  }
}

/**
 * Makes a response, whose headers are about to be written, the last one of its connection. The client is told in time
 * and opens another connection for its next request, so nothing it sends is lost.
 */
export function sayClose(connection: Connection, res: ServerResponse, traffic: Traffic, clock: Clock): void {
  connection.told = true
  traffic.closed.told += 1
  res.setHeader('Connection', 'close')
  closeLingering(connection, res, traffic, clock)
}

/**
 * Node closes the socket as soon as such a response is flushed. If anything the client has sent is unread by then, the
 * kernel answers it with a reset, which takes the response with it. So the socket is only half closed: what comes is read
 * to the end, and in flight until then; the client's own close ends it, or its silence (RFC 9112, section 9.6).
 */
function closeLingering(connection: Connection, res: ServerResponse, traffic: Traffic, clock: Clock): void {
  const { socket } = connection
  const { req } = res
  socket.destroySoon = () => {
    socket.end()
    destroyWhenSilent(socket, clock)
    if (req.complete) return
    req.once('end', traffic.keep(connection))
    req.resume()
  }
}

/** Closes a socket whose own side has ended when its peer keeps silent for so long and does not end its own. */
export function destroyWhenSilent(socket: Socket, clock: Clock): void {
  let cancel: Cancel
  const wait = (): void => {
    const { bytesRead } = socket
    cancel = clock.after(lingerMs, () => (socket.bytesRead > bytesRead ? wait() : socket.destroy()))
  }
  wait()
  socket.once('close', () => cancel())
}

function withoutConnection(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null) return argument
  if (!Array.isArray(argument)) {
    return Object.fromEntries(Object.entries(argument).filter(([name]) => !isConnection(name)))
  }
  // Node takes pairs only as long as no header is set on the response
  const list: unknown[] = Array.isArray(argument[0]) ? argument.flat() : argument
  return list.filter((_, index) => !isConnection(list[index - (index % 2)]))
}

const isConnection = (name: unknown): boolean => String(name).toLowerCase() === 'connection'
