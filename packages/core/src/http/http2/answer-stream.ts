import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { RequestLike, ResponseLike } from '../request-like.js'

export const asRequest = ({ ':method': method, ':path': url }: IncomingHttpHeaders): RequestLike => ({
  method,
  url,
})

/** Answers a stream without the compatibility API, of which a server may know nothing. */
export function asResponse(stream: ServerHttp2Stream): ResponseLike {
  // without a listener an error of the stream, such as the client's reset, would end the process
  stream.on('error', () => {})
  const isOver = (): boolean => stream.destroyed || stream.closed
  return {
    get headersSent() {
      return stream.headersSent || isOver()
    },
    writeHead(status, headers) {
      if (!isOver()) stream.respond({ ':status': status, ...headers })
    },
    end(body) {
      // the answer to a HEAD has ended with its headers
      if (!isOver() && !stream.writableEnded) stream.end(body)
    },
  }
}
