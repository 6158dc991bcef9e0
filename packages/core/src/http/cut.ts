import type { ServerResponse } from 'node:http'
import type { Clock } from '../clock.js'
import type { CutRequest } from '../serving.js'
import { sayClose } from './connection-close.js'
import type { Connection, Traffic } from './connections.js'
import { refuse, silence } from './refuse.js'

/** How long a 503 at the deadline has to reach its client, in ms; releasing has begun meanwhile. */
export const farewellMs = 100

/** The drain deadline: whatever has not answered yet gets a 503, everything still open is cut shortly after. */
export function cutInFlight(traffic: Traffic, clock: Clock, random: () => number): CutRequest[] {
  const cut: CutRequest[] = []
  for (const connection of traffic.connections) {
    const { latest } = connection
    if (!latest) continue
    // a 503 would have to wait for the answers to the requests before it in the pipeline
    const canAnswer = !latest.headersSent && connection.inFlight === 1
    // sent whole while the body of its request was still coming in
    const answered = canAnswer || latest.writableFinished
    cut.push(describe(connection, answered, clock.now()))
    if (!canAnswer) continue
    forgetBody(latest)
    sayClose(connection, latest, traffic, clock)
    refuse(latest, random)
    silence(latest)
  }
  // the answers have to go out before the process may end
  clock.after(farewellMs, () => traffic.destroyAll(() => true), true)
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

function describe({ latest, requestedAt }: Connection, answered: boolean, now: number): CutRequest {
  const { method = 'GET', url = '/' } = latest?.req ?? {}
  return { method, path: escapePath(url), ageMs: Math.round(now - requestedAt), answered }
}

/** Without its query, which may hold secrets, and safe to print. */
export function escapePath(url: string): string {
  const [path = ''] = url.split('?', 1)
  return path.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character)).slice(0, 200)
}
