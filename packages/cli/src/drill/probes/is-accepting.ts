import { connect } from 'node:net'
import type { Target } from '../target.js'

/** Whether anybody listens there. Listening oneself to find out would get in the way of clients. */
export function isAccepting({ host, port }: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 })
    const settle = (accepted: boolean): void => {
      socket.destroy()
      resolve(accepted)
    }
    socket.on('connect', () => settle(true))
    socket.on('error', () => settle(false))
    socket.on('timeout', () => settle(false))
  })
}
