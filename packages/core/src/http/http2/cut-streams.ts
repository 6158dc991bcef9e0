import type { ServerHttp2Stream } from 'node:http2'
import type { Clock } from '../../clock.js'
import { timedOut } from '../../errors.js'
import type { CutRequest } from '../../serving.js'
import { farewellMs, named } from '../cut.js'
import { wasEnded } from '../open-streams.js'
import { refuse } from '../refuse.js'
import { swallow } from '../silence.js'
import { asRequest, asResponse } from './answer-stream.js'
import type { Exchange } from './exchange.js'
import type { SessionTraffic } from './sessions.js'

/** The drain deadline: streams without an answer get a 503, others are reset, and every session is cut shortly after. */
export function cutStreams(traffic: SessionTraffic, clock: Clock, random: () => number): CutRequest[] {
  const cut: CutRequest[] = []
  const add = ({ headers, startedAt }: Exchange, answered: boolean): Error => {
    const request = { ...named(asRequest(headers)), ageMs: Math.round(clock.now() - startedAt), answered }
    cut.push(request)
    return timedOut(request.path, 'Request', request.ageMs)
  }
  for (const { exchanges } of traffic.sessions) {
    for (const exchange of exchanges) {
      const { stream } = exchange
      exchange.settled = true
      // one that was told to end has had its time
      if (wasEnded(stream)) continue
      const response = asResponse(stream)
      const canAnswer = !response.headersSent
      const answered = canAnswer || stream.writableFinished
      const error = add(exchange, answered)
      if (canAnswer) {
        loseBody(exchange)
        refuse(response, random)
      }
      // `close()` would end it first, and the client take it for a whole answer
      else if (!answered) stream.destroy(error)
      silence(stream)
    }
  }
  // nobody is left to answer, but they had not finished
  for (const [exchange] of traffic.abandoned.requests) add(exchange, false)
  // the answers have to go out before the process may end
  clock.after(farewellMs, () => traffic.destroyAll(), true)
  return cut
}

/**
 * When a stream that was answered closes, Node ends what its handler reads, as if that had been all: half of an upload would
 * look whole.
 */
function loseBody({ stream, response }: Exchange): void {
  if (stream.endAfterHeaders) return
  if (response?.req.complete === false) response.req.destroy()
  const push = stream.push.bind(stream)
  stream.push = (chunk: unknown, ...more) => {
    if (chunk !== null || !stream.closed) return push(chunk, ...more)
    // not now: Node is in the middle of closing it
    process.nextTick(() => stream.destroy())
    return false
  }
}

/**
 * A handler that goes on after we answered for it must not crash the process: whatever it does with the stream is
 * swallowed. A response of the compatibility API throws when headers were sent; it believes its stream that none were.
 */
function silence(stream: ServerHttp2Stream): void {
  swallow(stream, [
    'respond',
    'respondWithFD',
    'respondWithFile',
    'additionalHeaders',
    'sendTrailers',
    'write',
    'end',
  ])
  // its callback would be handed no stream to write to
  Object.assign(stream, { pushStream() {} })
  Object.defineProperty(stream, 'headersSent', { value: false })
}
