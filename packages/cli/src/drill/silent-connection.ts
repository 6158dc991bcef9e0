import { connect } from 'node:net'
import { pause } from './pause.js'
import type { Target } from './target.js'

/** Keeps one connection open that never sends a byte, as browsers and balancers that connect ahead do. */
export async function keepSilentConnection(
  choose: () => Target | undefined,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const target = choose()
    if (target) await connectUntilClosed(target, signal)
    await pause(200, signal)
  }
}

function connectUntilClosed({ host, port }: Target, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
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
