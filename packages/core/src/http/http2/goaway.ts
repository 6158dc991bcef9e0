import { polled, type Cancel, type Clock } from '../../clock.js'
import { destroyWhenSilent, lingerMs } from '../connection-close.js'
import { holdReads } from './hold-reads.js'
import type { Session, SessionTraffic } from './sessions.js'
import { sendShutdownNotice } from './shutdown-notice.js'

/** How long a client has to acknowledge the ping, in ms. */
export const ackMs = 5_000

/** A session that is in the middle of a write is looked at again so soon, in ms. */
const busyMs = 5

/**
 * Tells a session to go, in two steps (RFC 9113, section 6.8). The first GOAWAY refuses nothing. A ping follows it: when it
 * comes back, so has every stream that was on its way, and the second GOAWAY, with the real last stream, refuses nobody
 * who obeys the first. Streams in flight finish, and the session ends with the last of them. Over TLS the last GOAWAY is
 * the only one: it refuses what is on its way, and its client may ask again elsewhere.
 *
 * Node ends its side then. What the client sends while it reads the rest, such as window updates, must find an open socket:
 * a reset would take the rest with it. So the client's own end closes the socket, or its silence; a client that is owed
 * nothing has no longer for that than for the ping.
 */
export function sayGoaway(
  session: Session,
  { traffic, clock, waitMs }: { traffic: SessionTraffic; clock: Clock; waitMs: number },
): void {
  const { http2, socket } = session
  const toldAt = clock.now()
  let dueAt = Infinity
  let cancel: Cancel = () => {}
  let acknowledged = false
  let owed: boolean | undefined

  const begin = (): void => {
    if (owed !== undefined) return
    // closed by the app's own code, or because its client said goodbye
    const notice = http2.closed || http2.destroyed ? 'impossible' : sendShutdownNotice(socket)
    if (notice === 'impossible') return close()
    if (notice === 'busy') return void clock.after(busyMs, begin)
    http2.ping((error) => {
      acknowledged = !error
      // streams that came in the same packet are read by then
      if (acknowledged) clock.turn(close)
    })
  }

  const onDue = (): void => {
    if (owed === undefined) close()
    else if (!owed && socket.writableFinished) socket.destroy()
  }

  const close = (): void => {
    if (owed !== undefined) return
    // without the answer to the ping, what was sent shortly before it may be unread too
    const readUntil = acknowledged ? toldAt : toldAt - lingerMs
    owed = session.exchanges.size > 0 || session.restingSince > readUntil
    if (!http2.closed && !http2.destroyed) closeSession()
    if (socket.writableFinished) onFlushed()
    else socket.once('finish', onFlushed)
    traffic.observer?.closing?.(session)
  }

  /**
   * Node sends the GOAWAY a turn of the loop later. A stream that is read before that is refused in the middle of nghttp2's own
   * work, which on Node 20 frees what it still needs and ends the process (nodejs/node#64113): so nothing is read until then.
   */
  const closeSession = (): void => {
    const readOn = holdReads(socket)
    http2.close()
    // never rejects
    void polled(clock).then(readOn)
  }

  const onFlushed = (): void => {
    cancel()
    if (owed) destroyWhenSilent(socket, clock)
    else cancel = clock.after(dueAt - clock.now(), onDue)
  }

  session.told = true
  traffic.closed.told += 1
  session.hurry = (ms) => {
    const at = clock.now() + ms
    if (at >= dueAt) return
    dueAt = at
    cancel()
    cancel = clock.after(ms, onDue)
  }
  session.hurry(waitMs)
  socket.once('close', () => cancel())
  // the SETTINGS that begin a session may have to go out first
  clock.turn(begin)
}
