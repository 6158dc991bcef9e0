import type { ServerResponse } from 'node:http'
import { unsentOfWrite } from '../stalled.js'
import type { OpenAnswer } from './open-streams.js'
import { silence } from './silence.js'

/** A response of HTTP/1.1 that may be a stream of server-sent events. */
export const openResponse = (res: ServerResponse): OpenAnswer => ({
  identity: res,
  method: res.req.method,
  get isOver() {
    return res.writableFinished || res.destroyed
  },
  afterHeaders: (callback) => afterHeaders(res, callback),
  contentType: () => contentType(res),
  end() {
    try {
      // the response's own: a compression middleware that has replaced it flushes first
      res.end()
    } finally {
      silence(res)
    }
  },
  destroy: () => void res.destroy(),
  unsent: () => res.writableLength + unsentOfWrite(res.socket),
  onceClosed: (callback) => void res.once('close', callback),
})

function afterHeaders(res: ServerResponse, callback: () => void): void {
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

/** What `writeHead` was given is not always among the headers, but in the text that was made of it. */
function contentType(res: ServerResponse): unknown {
  const { _header: text } = res as { readonly _header?: unknown }
  return res.getHeader('content-type') ?? /^content-type: *(.*)$/im.exec(String(text))?.[1]
}
