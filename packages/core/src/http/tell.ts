import type { ServerResponse } from 'node:http'
import type { Clock } from '../clock.js'
import { beforeHeaders, sayClose } from './connection-close.js'
import type { Connection } from './connection.js'
import type { Traffic } from './connections.js'

/** At most this many ms per open connection: a few leave at once, many take their turns. */
export const spreadMs = 10

/** How far from now the moment of a connection is: at random, so that clients do not all come back at once. */
export const randomDelay = (
  random: () => number,
  { connections }: { readonly connections: { readonly size: number } },
  maxMs: number,
): number => random() * Math.min(maxMs, spreadMs * connections.size)

/** Tells a connection to go on this response, if its headers are written at its moment or later. */
export function tellOn(
  connection: Connection,
  res: ServerResponse,
  { traffic, clock, at = -Infinity }: { traffic: Traffic; clock: Clock; at?: number },
  onTold?: () => void,
): void {
  beforeHeaders(res, () => {
    // behind an older response of the pipeline the close would cut the newer ones
    if (connection.told || connection.latest !== res || clock.now() < at) return
    sayClose(connection, res, traffic, clock)
    onTold?.()
  })
}
