import type { ResolvedOptions } from './options.js'
import type { Registry } from './registry.js'
import { heard, surroundings } from './signals.js'

/** What of `process.channel` Node's documentation leaves out: whether it counts a listener as a reason to stay alive. */
interface Channel {
  refCounted?(): void
  unrefCounted?(): void
}

/** PM2 says 'shutdown' instead of sending a signal where it was told so (`shutdown_with_message`), and on Windows. */
export function listenToPm2({ platform, signals, logger }: ResolvedOptions, registry: Registry): void {
  const event = 'message'
  if (platform?.name !== 'pm2' || signals.length === 0 || !process.channel || registry.listeners.has(event))
    return
  const begin = heard(registry, 'shutdown', logger)
  const listener = (message: unknown): void => {
    if (message === 'shutdown') begin()
  }
  // the type of Node lacks them
  const channel = process.channel as Channel
  process.on(event, listener)
  channel.unrefCounted?.()
  registry.listeners.set(event, () => {
    channel.refCounted?.()
    process.removeListener(event, listener)
  })
}

/** In cluster mode PM2 listens to uncaught errors in each process: to exit, but only if nobody else listens. */
export const pm2CrashListeners = ({ platform }: ResolvedOptions): number =>
  platform?.name === 'pm2' && surroundings.env['exec_mode'] === 'cluster_mode' ? 1 : 0

/** For `wait_ready`: PM2 stops the process before when this one has said so. */
export function tellPm2({ platform }: ResolvedOptions): void {
  if (platform?.name === 'pm2' && process.connected) process.send?.('ready')
}
