import type { Budget } from '../../budget.js'
import type { Cancel, Clock } from '../../clock.js'
import type { Handshakes } from '../handshakes.js'
import type { LastCall } from '../last-call.js'
import { randomDelay } from '../tell.js'
import { ackMs, sayGoaway } from './goaway.js'
import type { Session, SessionTraffic } from './sessions.js'

/** The listener is closed: every session that was not told is told at its own moment. Over when each has its last GOAWAY. */
export function lastCallSessions(options: {
  traffic: SessionTraffic
  clock: Clock
  random: () => number
  budget: Budget['lastCall']
  handshakes: Handshakes
}): LastCall {
  const { traffic, clock, random, handshakes } = options
  const { maxMs, idleMs } = options.budget
  const endsAt = clock.now() + maxMs
  const moments = new Map<Session, Cancel>()
  let resolve = (): void => {}
  const over = new Promise<void>((done) => {
    resolve = done
  })

  let handshaking = true
  const look = (): void => {
    if (moments.size === 0 && !handshaking) resolve()
  }
  const forget = (session: Session): void => {
    moments.get(session)?.()
    moments.delete(session)
    look()
  }

  const tell = (session: Session): void => {
    const waitMs = Math.min(ackMs, maxMs / 2)
    if (session.told) session.hurry(waitMs)
    else sayGoaway(session, { traffic, clock, waitMs })
  }
  const admit = (session: Session): void => {
    if (session.told && session.http2.closed) return
    const spread = { connections: traffic.sessions }
    const delayMs = session.told ? 0 : randomDelay(random, spread, maxMs / 2)
    const latestMs = endsAt - maxMs / 2 - clock.now()
    moments.set(
      session,
      clock.after(Math.min(delayMs, latestMs), () => tell(session)),
    )
  }

  traffic.observer = { opened: admit, closing: forget, gone: forget }
  for (const session of traffic.sessions) admit(session)
  // never rejects
  void handshakes.over(idleMs).then(() => {
    handshaking = false
    look()
  })
  return {
    over,
    end() {
      for (const cancel of moments.values()) cancel()
      moments.clear()
      resolve()
    },
  }
}
