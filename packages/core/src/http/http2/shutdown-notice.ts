import { writeSync } from 'node:fs'
import { Socket } from 'node:net'

/** GOAWAY, NO_ERROR, and the highest stream id there is: nothing is refused yet (RFC 9113, section 6.8). */
const frame = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0])

/**
 * Tells a client that it had better go, without refusing anything. Node cannot: after its own `session.goaway()` nghttp2
 * ignores every new stream, whatever the id was, and clients wait in vain (nodejs/node#55888). So the frame is written
 * beside the session, which writes whole frames only: to the kernel, and when nothing of the session's waits before it.
 * Not by `socket.write()`: should that have to wait, Node takes its end for one of the session's own and aborts.
 *
 * `busy`: not at this moment. `impossible`: Node's TLS would have to encrypt it, and takes no write but the session's.
 */
export function sendShutdownNotice(socket: Socket): 'sent' | 'busy' | 'impossible' {
  // neither one of TLS nor one that stands for a stream
  if (Object.getPrototypeOf(socket) !== Socket.prototype) return 'impossible'
  const { _handle: handle } = socket as WithHandle
  const { fd = -1, writeQueueSize } = handle ?? {}
  // there are no descriptors of sockets on Windows
  if (fd < 0 || writeQueueSize === undefined) return 'impossible'
  if (writeQueueSize > 0) return 'busy'
  try {
    // the kernel takes so few bytes as a whole, or not at all
    if (writeSync(fd, frame) < frame.length) socket.destroy()
    return 'sent'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'busy' : 'impossible'
  }
}

/** Not documented, and the same since Node 0.10. */
type WithHandle = Socket & {
  readonly _handle?: { readonly fd?: number; readonly writeQueueSize?: number } | null
}
