import { DrillError } from '../drill-error.js'
import type { DrillOptions } from '../options.js'
import type { Target } from '../target.js'
import { openEventStream } from './event-stream.js'
import { startGuests } from './guests.js'
import type { Guest, Guests, GuestsOptions } from './guests.js'
import { openWebSocket } from './websocket.js'

type InviteOptions = Pick<DrillOptions, 'paths' | 'headers' | 'instances'> &
  Pick<GuestsOptions, 'candidates' | 'onDeparture'>

/** Those who stay for long, as far as the app has something for them. */
export function inviteGuests(options: InviteOptions): Guests {
  const { paths, headers } = options
  const count = Math.max(4, 2 * options.instances)
  const invite = (
    kind: GuestsOptions['kind'],
    what: string,
    open: (target: Target) => Promise<Guest>,
  ): Guests => {
    const guests = startGuests({ ...options, kind, count, open })
    const arrived = guests.arrived.catch((error: unknown) => {
      throw new DrillError(`${what} could not be opened before any restart`, undefined, { cause: error })
    })
    return { arrived, stop: guests.stop }
  }
  const all: Guests[] = []
  const { webSocket, eventStream } = paths
  if (webSocket !== undefined) {
    const open = (target: Target): Promise<Guest> => openWebSocket(target, { path: webSocket, headers })
    all.push(invite('webSocket', `The WebSocket ${webSocket}`, open))
  }
  if (eventStream !== undefined) {
    const open = (target: Target): Promise<Guest> => openEventStream(target, { path: eventStream, headers })
    all.push(invite('eventStream', `The event stream ${eventStream}`, open))
  }
  return {
    arrived: Promise.all(all.map(({ arrived }) => arrived)),
    stop() {
      for (const { stop } of all) stop()
    },
  }
}
