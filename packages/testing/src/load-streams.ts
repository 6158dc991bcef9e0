import { setTimeout } from 'node:timers/promises'
import { endStream, type FrameClient } from './frame-client.js'

/** What became of the streams. */
export interface StreamTally {
  readonly answered: number
  /** May be asked again elsewhere. */
  readonly refused: number
  readonly total: number
}

/** Twice as many as there are 30 ms away: a machine with less than it takes gets them later, and not all at once. */
const mostOnTheirWay = 150

/** Opens some 1 000 streams a second until it hears that it should go. Settles when the connection is over. */
export async function loadStreams(client: FrameClient, random: () => number): Promise<StreamTally> {
  let total = 0
  const isTold = (): boolean => client.frames.some(({ type }) => type === 'GOAWAY')
  const answered = (): number =>
    client.frames.filter(({ type, flags }) => type === 'DATA' && (flags & endStream) !== 0).length
  for (let dueAt = performance.now(); !isTold(); await setTimeout(1)) {
    const most = answered() + mostOnTheirWay
    for (; dueAt < performance.now() && total < most; dueAt += 2 * random(), total += 1) client.ask('/')
  }
  await client.over
  const lastStream = Math.min(...client.frames.map((frame) => frame.lastStream ?? Infinity))
  // ids are odd
  const refused = total - Math.min(total, (lastStream + 1) / 2)
  return { answered: answered(), refused, total }
}
