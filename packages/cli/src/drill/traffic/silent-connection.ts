import { connect } from 'node:net'
import { pause } from '../interruption/pause.js'
import type { Target } from '../target.js'
import type { OnConnection } from './client.js'
import { watchSocket } from './watch-socket.js'

export interface SilentConnectionOptions {
  readonly signal: AbortSignal
  readonly onConnection?: OnConnection | undefined
}

/** Keeps one connection open that never sends a byte, as browsers and balancers that connect ahead do. */
export async function keepSilentConnection(
  choose: () => Target | undefined,
  options: SilentConnectionOptions,
): Promise<void> {
  while (!options.signal.aborted) {
    const target = choose()
    if (target) await connectUntilClosed(target, options)
    await pause(200, options.signal)
  }
}

function connectUntilClosed(
  target: Target,
  { signal, onConnection }: SilentConnectionOptions,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.host, port: target.port })
    if (onConnection) watchSocket(socket, (isOpen) => onConnection(target, isOpen))
    const leave = (): void => void socket.destroy()
    signal.addEventListener('abort', leave, { once: true })
    socket.on('error', () => {
      // It asked for nothing, so there is nothing to lose.
    })
    socket.on('close', () => {
      signal.removeEventListener('abort', leave)
      resolve()
    })
    socket.resume() // without reading, the end would never be noticed
  })
}
