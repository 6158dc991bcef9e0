import type { ServerHttp2Stream } from 'node:http2'
import type { Clock } from '../../clock.js'
import { timedOut } from '../../errors.js'
import type { CutRequest } from '../../serving.js'
import { escapePath, farewellMs } from '../cut.js'
import { refuse } from '../refuse.js'
import { asRequest, asResponse } from './answer-stream.js'
import type { SessionTraffic } from './sessions.js'

/** The drain deadline: streams without an answer get a 503, others are reset, and every session is cut shortly after. */
export function cutStreams(traffic: SessionTraffic, clock: Clock, random: () => number): CutRequest[] {
  const cut: CutRequest[] = []
  for (const { exchanges } of traffic.sessions) {
    for (const { stream, headers, startedAt } of exchanges) {
      const { method = 'GET', url = '/' } = asRequest(headers)
      const response = asResponse(stream)
      const canAnswer = !response.headersSent
      const answered = canAnswer || stream.writableFinished
      const ageMs = Math.round(clock.now() - startedAt)
      cut.push({ method, path: escapePath(url), ageMs, answered })
      if (canAnswer) refuse(response, random)
      // `close()` would end it first, and the client take it for a whole answer
      else if (!answered) stream.destroy(timedOut(escapePath(url), 'Request', ageMs))
      silence(stream)
    }
  }
  // the answers have to go out before the process may end
  clock.after(farewellMs, () => traffic.destroyAll(), true)
  return cut
}

/**
 * A handler that goes on after we answered for it must not crash the process: whatever it does with the stream is
 * swallowed. A response of the compatibility API throws when headers were sent; it believes its stream that none were.
 */
function silence(stream: ServerHttp2Stream): void {
  const swallow = (...args: unknown[]): ServerHttp2Stream => {
    const callback = args.at(-1)
    if (typeof callback === 'function') process.nextTick(callback)
    return stream
  }
  for (const name of [
    'respond',
    'respondWithFD',
    'respondWithFile',
    'additionalHeaders',
    'sendTrailers',
    'end',
  ])
    Object.assign(stream, { [name]: swallow })
  Object.assign(stream, { write: (...args: unknown[]) => swallow(...args) === stream })
  // its callback would be handed no stream to write to
  Object.assign(stream, { pushStream() {} })
  Object.defineProperty(stream, 'headersSent', { value: false })
}
