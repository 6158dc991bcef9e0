import type { Duplex } from 'node:stream'
import { answerJson } from './answer-json.js'
import type { ResponseLike } from './request-like.js'

const body = JSON.stringify({
  statusCode: 503,
  error: 'Service Unavailable',
  message: 'The server is shutting down',
})

/** A second or three, spread so that those who are refused together do not come back together. */
const retryAfterSeconds = (random: () => number): number => 1 + Math.floor(random() * 3)

/** @internal Answers 503 with `Retry-After` (RFC 9110, sections 15.6.4 and 10.2.3); the caller has seen to `Connection: close`. */
export function refuse(res: ResponseLike, random: () => number): void {
  answerJson(res, 503, body, { 'Retry-After': retryAfterSeconds(random) })
}

/** The same on a socket that asked to be upgraded, for which there is no response object. */
export function refuseUpgrade(socket: Duplex, random: () => number): void {
  const headers = [
    'HTTP/1.1 503 Service Unavailable',
    'Connection: close',
    `Retry-After: ${retryAfterSeconds(random)}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  // Node has taken its own listeners off: an error that nobody hears would end the process
  socket.on('error', () => {}).resume()
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
}
