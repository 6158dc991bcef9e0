import type { Case } from '../case.js'
import { beginning } from './beginning.js'
import { blockedLoop } from './blocked-loop.js'
import { bodies } from './bodies.js'
import { crowd } from './crowd.js'
import { deadline } from './deadline.js'
import { goaway } from './goaway.js'
import { lastCall } from './last-call.js'
import { lateRequests } from './late-requests.js'
import { lateStreams } from './late-streams.js'
import { listener } from './listener.js'
import { readiness } from './readiness.js'
import { refusedStreams } from './refused-streams.js'
import { silence } from './silence.js'
import { streams } from './streams.js'

export const cases: readonly Case[] = [
  ...readiness,
  ...beginning,
  ...listener,
  ...lastCall,
  ...lateRequests,
  ...goaway,
  ...lateStreams,
  ...refusedStreams,
  ...bodies,
  ...silence,
  ...streams,
  ...blockedLoop,
  ...deadline,
  ...crowd,
]
