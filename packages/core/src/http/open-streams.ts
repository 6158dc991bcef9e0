import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { Clock } from '../clock.js'
import { silence } from './silence.js'
import { unsentOfWrite, whenStalled } from './stalled.js'

type Response = ServerResponse | Http2ServerResponse

/** A client that reads nothing for so long after its stream was ended is cut. */
const silentMs = 2_000

const planned = new WeakSet<Response>()
const ended = new WeakSet<Response>()

/** Nobody waits for it at the drain deadline, and it is no request that was cut. */
export const wasEnded = (res: Response): boolean => ended.has(res)

/**
 * Ends a response at its moment if it is a stream of server-sent events, which would never end by itself: its client
 * connects again, elsewhere. One whose headers are not out yet is looked at when they are. Nothing is written into it,
 * since whoever writes it may be in the middle of an event. Only streams that answer a GET: an EventSource sends nothing
 * else, whereas the answer to a POST may well stream its events to an end of its own.
 */
export function endIfStream(
  res: Response,
  { clock, at = -Infinity }: { clock: Clock; at?: number | undefined },
): void {
  if (res.req.method !== 'GET' || planned.has(res)) return
  planned.add(res)
  const due = (): void => end(res, clock)
  afterHeaders(res, () => {
    if (!isEventStream(res)) return
    const waitMs = at - clock.now()
    if (waitMs > 0) clock.after(waitMs, due)
    // what the handler writes along with the headers still goes out
    else clock.turn(due)
  })
}

function end(res: Response, clock: Clock): void {
  if (res.writableFinished || isDestroyed(res)) return
  ended.add(res)
  try {
    // the response's own: a compression middleware that has replaced it flushes first
    res.end()
  } catch {
    // it announced a length that it did not keep
    destroy(res)
  }
  silence(res)
  const socket = 'stream' in res ? undefined : res.socket
  const unsent = (): number => res.writableLength + unsentOfWrite(socket)
  res.once(
    'close',
    whenStalled(unsent, { clock, ms: silentMs }, () => destroy(res)),
  )
}

function afterHeaders(res: Response, callback: () => void): void {
  if (res.headersSent) return callback()
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => unknown
  let called = false
  // every way to answer ends in writeHead, the implicit ones included
  Object.assign(res, {
    writeHead: (...args: unknown[]) => {
      writeHead(...args)
      if (!called) {
        called = true
        callback()
      }
      return res
    },
  })
}

/** What `writeHead` was given is not always among the headers of an HTTP/1 response, but in the text that was made of it. */
function isEventStream(res: Response): boolean {
  const { _header: text } = res as { readonly _header?: unknown }
  const type = res.getHeader('content-type') ?? /^content-type: *(.*)$/im.exec(String(text))?.[1]
  return /^text\/event-stream *(;|$)/i.test(String(type).trim())
}

const isDestroyed = (res: Response): boolean =>
  'stream' in res ? !res.stream || res.stream.destroyed : res.destroyed

/** Resets one stream of HTTP/2, or the connection of HTTP/1. */
function destroy(res: Response): void {
  if ('stream' in res) res.stream?.destroy()
  else res.destroy()
}
