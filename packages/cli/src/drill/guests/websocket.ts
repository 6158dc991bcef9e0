import { WebSocket } from 'ws'
import type { Goodbye } from '../observation/observed.js'
import type { Target } from '../target.js'
import type { Guest, Visit } from './guests.js'

/** Normal closure, going away, service restart: the client knows what to do. */
const told: readonly number[] = [1000, 1001, 1012]
/** What an end without a close frame is called (RFC 6455, section 7.1.5). */
const abnormal = 1006

/** Opens a WebSocket that says nothing and waits for the server to close it. */
export function openWebSocket({ host, port }: Target, { path, headers }: Visit): Promise<Guest> {
  const socket = new WebSocket(`ws://${host}:${port}${path}`, {
    ...(headers && { headers }),
    handshakeTimeout: 10_000,
  })
  const ended = new Promise<Pick<Goodbye, 'manner' | 'how'>>((resolve) => {
    socket.on('close', (code) => resolve(judge(code)))
  })
  return new Promise((resolve, reject) => {
    // After the handshake 'close' follows, and tells it.
    socket.on('error', reject)
    socket.on('open', () => resolve({ ended, leave: () => socket.terminate() }))
  })
}

function judge(code: number): Pick<Goodbye, 'manner' | 'how'> {
  if (code === abnormal) return { manner: 'cut', how: 'no close frame (1006)' }
  return { manner: told.includes(code) ? 'told' : 'unclear', how: `close code ${code}` }
}
