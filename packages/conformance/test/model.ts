import type { Played, Sent } from './player.js'
import type { Schedule } from './schedule.js'

/** Timers may fire a little early. */
const slackMs = 5

/**
 * What a client may expect of a server that shuts down, whatever it does and when. Returns what was broken, in words.
 *
 * - Nothing is ever truncated, and answers are right and in order.
 * - A request must be answered when its first byte was sent before the server could take the connection for idle, and its
 *   last one before draining could end: 200 when it was whole before draining could begin, else 200 or 503.
 * - A request may have no answer when an earlier answer on the connection said close, or when it crossed the close of an
 *   idle connection: then no handler has seen it.
 * - The rest of a body may be reset when its request was answered without it.
 * - A connection may be refused, and reset while the listener closes, from the end of lame duck on.
 */
export function judge(
  schedule: Schedule,
  { signalAt, lives }: Played,
  handled: (id: string) => boolean,
): string[] {
  const { lameDuck, lastCall } = schedule
  const servedUntil = lameDuckUntil(lameDuck, signalAt)
  const broken: string[] = []

  /** Until when the server cannot have closed a connection that it took for idle from `restingSince` on. */
  const idleUntil = (restingSince: number): number =>
    lastCall
      ? Math.max(
          servedUntil,
          Math.min(restingSince + lastCall.idleMs - slackMs, servedUntil + lastCall.maxMs / 2),
        )
      : servedUntil

  for (const life of lives) {
    const say = (text: string): void => void broken.push(`client ${life.id}: ${text}`)
    if (life.refused !== undefined) {
      if (life.connectedAt < servedUntil) say(`no connection in lame duck: ${life.refused}`)
      else if (!/^(ECONNREFUSED|ECONNRESET)$/.test(life.refused)) say(`no connection: ${life.refused}`)
      continue
    }
    if (life.aborted) continue
    // without last call the accept queue is emptied while draining
    const isOld = life.connectedAt < signalAt
    let restingSince = life.connectedAt
    let told: Sent | undefined
    let excused = life.connectedAt >= servedUntil && life.sent.every(({ response }) => !response)
    for (const [index, request] of life.sent.entries()) {
      const { id, kind, response, firstAt, headAt, lastAt, kept } = request
      const about = `${id}, ${kind} ${index}`
      // behind a body that nobody read it is seen when the response before it has gone
      const waits = life.sent.slice(0, index).some((before) => before.kind === 'ignored')
      if (response) {
        if (told) say(`${about}: answered after an answer that said close`)
        if (response.headers['connection'] === 'close') told = request
        const wrong = wrongIn(request, response.status, response.body)
        if (wrong) say(`${about}: ${wrong}`)
        // with both turned off it is late as soon as the signal is there first
        const isServed = (lastCall || (lameDuck && isOld)) && lastAt < servedUntil && !waits
        if (response.status === 503 && isServed) say(`${about}: refused before draining`)
        // one whose body never comes is answered for at the deadline
        if (response.status === 503 && lastAt !== Infinity && handled(id))
          say(`${about}: refused, yet handled`)
        // the rest of a body that was answered before the shutdown holds nothing up
        if (kind === 'ignored' && lastAt > signalAt) excused = true
        restingSince = Math.max(lastAt, request.releasedAt)
        continue
      }
      if (lastAt === Infinity) {
        // it never became a request, or is cut at the deadline
        excused = true
        break
      }
      if (kind === 'post' && handled(id) && !excused) say(`${about}: handled, but not answered`)
      // a handler's answer comes when all of a piece is read, a refusal at once
      if (told && (told.piece !== request.piece || told.response?.status === 503)) {
        excused = true
        break
      }
      const mustBegin = firstAt < idleUntil(restingSince)
      const mustEnd = lastAt < servedUntil || kept || headAt < idleUntil(restingSince)
      if (mustBegin && mustEnd && !excused) say(`${about}: no answer, ${life.error}`)
      excused = true
      break
    }
    if (life.ending === 'truncated' && !excused) say('truncated')
    if (life.ending === 'reset' && !excused) say(`reset, ${life.error}`)
  }
  return broken
}

function wrongIn({ id, kind, body }: Sent, status: number, got: string): string | undefined {
  if (status === 503) return undefined
  if (status !== 200) return `status ${status}`
  const expected = {
    get: 'hello',
    head: '',
    post: `received ${body.length}`,
    ignored: 'ignored',
    held: `held ${id}`,
  }[kind]
  return got === expected ? undefined : `${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`
}

/**
 * A request whose body never comes is cut at the deadline: exit code 1; unless it crossed the close of its connection.
 * The codes that are right.
 */
export function exitCodes({ lameDuck }: Schedule, { signalAt, lives }: Played): readonly number[] {
  const stalled = lives
    .filter(({ aborted }) => !aborted)
    .flatMap(({ sent }) => sent)
    .filter(({ headAt, lastAt }) => headAt !== Infinity && lastAt === Infinity)
    // one that was answered early is over when its client has read the answer
    .filter(({ kind, response }) => kind !== 'ignored' || !response)
  if (stalled.length === 0) return [0]
  return stalled.some(({ headAt }) => headAt < lameDuckUntil(lameDuck, signalAt)) ? [1] : [0, 1]
}

const lameDuckUntil = (lameDuck: Schedule['lameDuck'], signalAt: number): number =>
  signalAt + (lameDuck ? lameDuck.minMs : 0) - slackMs
