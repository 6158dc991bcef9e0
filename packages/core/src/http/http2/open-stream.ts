import { constants, type OutgoingHttpHeaders } from 'node:http2'
import { unsentOfWrite } from '../../stalled.js'
import type { OpenAnswer } from '../open-streams.js'
import { silence, swallow } from '../silence.js'
import type { Exchange } from './exchange.js'

/** A stream of HTTP/2 that may be one of server-sent events, by whichever of Node's two APIs it is written. */
export const openStream = (exchange: Exchange): OpenAnswer => {
  const { stream, headers, session } = exchange
  return {
    identity: stream,
    method: headers[':method'],
    get isOver() {
      return stream.writableFinished || stream.destroyed
    },
    afterHeaders: (callback) => afterHeaders(exchange, callback),
    contentType: () => contentType(stream.sentHeaders),
    end: () => end(exchange),
    destroy: () => stream.close(constants.NGHTTP2_CANCEL),
    // a large write counts until all of it has gone: that a part of it has is to be seen at the socket alone
    unsent: () => stream.writableLength + unsentOfWrite(session.socket) - session.socket.bytesWritten,
    onceClosed: (callback) => void stream.once('close', callback),
  }
}

/** The compatibility API responds by its stream too. */
function afterHeaders({ stream }: Exchange, callback: () => void): void {
  if (stream.headersSent) return callback()
  const respond = stream.respond.bind(stream)
  stream.respond = (...args) => {
    respond(...args)
    callback()
  }
}

/** Names are as its handler wrote them. */
function contentType(headers: OutgoingHttpHeaders = {}): unknown {
  const name = Object.keys(headers).find((given) => given.toLowerCase() === 'content-type')
  return name === undefined ? undefined : headers[name]
}

function end({ stream, response }: Exchange): void {
  if (response) {
    try {
      // its own: a compression middleware that has replaced it flushes first, and ends the stream later
      response.end()
    } finally {
      silence(response)
    }
    if (!stream.writableEnded) return
  } else {
    // without a listener an error of the stream, such as the client's reset, would end the process
    stream.on('error', () => {})
    stream.end()
  }
  swallow(stream, ['write', 'end'])
}
