import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.js'
import type { CutRequest } from '../serving.js'
import { sayClose } from './connection-close.js'
import type { Traffic } from './connections.js'
import { wasEnded } from './open-streams.js'
import { pathOf } from './path-of.js'
import { refuse } from './refuse.js'
import type { RequestLike } from './request-like.js'
import { silence } from './silence.js'

/** How long a 503 at the deadline has to reach its client, in ms; releasing has begun meanwhile. */
export const farewellMs = 100

/** The drain deadline: whatever has not answered yet gets a 503, everything still open is cut shortly after. */
export function cutInFlight(traffic: Traffic, clock: Clock, random: () => number): CutRequest[] {
  const cut: CutRequest[] = []
  const answeredFor: IncomingMessage[] = []
  const add = (
    res: ServerResponse,
    requestedAt: number,
    more: Pick<CutRequest, 'answered' | 'pipelined'>,
  ): void => {
    cut.push({ ...named(res.req), ageMs: Math.round(clock.now() - requestedAt), ...more })
  }
  for (const connection of traffic.connections) {
    const { latest, inFlight, requestedAt } = connection
    // a stream that was told to end has had its time
    if (!latest || wasEnded(latest)) continue
    const alone = inFlight === 1
    // a 503 would have to wait for the answers to the requests before it in the pipeline
    const canAnswer = !latest.headersSent && alone
    // sent whole while the body of its request was still coming in
    const answered = canAnswer || latest.writableFinished
    add(latest, requestedAt, { answered, ...(alone || answered ? {} : { pipelined: inFlight - 1 }) })
    if (!canAnswer) continue
    answeredFor.push(latest.req)
    forgetBody(latest)
    sayClose(connection, latest, traffic, clock)
    refuse(latest, random)
    silence(latest)
  }
  // nobody is left to answer, but they had not finished
  for (const [res, { requestedAt }] of traffic.abandoned.requests) add(res, requestedAt, { answered: false })
  // the answers have to go out before the process may end
  clock.after(
    farewellMs,
    () => {
      traffic.destroyAll(() => true)
      // a handler that reads a body hears nothing of it from Node, since its request was answered
      for (const req of answeredFor) if (!req.complete) req.destroy()
    },
    true,
  )
  return cut
}

/** What its handler has said about a body that it did not send: a 503 that claims to be gzip cannot be read. */
function forgetBody(res: ServerResponse): void {
  for (const name of res.getHeaderNames())
    if (name.startsWith('content-') || aboutBodies.has(name)) res.removeHeader(name)
}

const aboutBodies = new Set([
  'transfer-encoding',
  'trailer',
  'etag',
  'last-modified',
  'cache-control',
  'expires',
])

/** As the report has it: without its query, which may hold secrets, and safe to print. */
export const named = (req: RequestLike): Pick<CutRequest, 'method' | 'path'> => ({
  method: req.method ?? 'GET',
  path: pathOf({ url: req.url ?? '/' })
    .replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character))
    .slice(0, 200),
})
