import type { Clock } from '../clock.js'
import { unsentBytes, whenStalled } from '../stalled.js'
import type { Connection } from './connection.js'
import type { Traffic } from './connections.js'

/**
 * Ends the upgraded connections and tunnels that nobody has closed by the time nothing else is in flight. What is still
 * buffered goes out before the FIN, however slowly it is read; a client that is silent for `silentMs` after that is cut.
 */
export async function endUpgraded(
  traffic: Traffic,
  { clock, silentMs }: { clock: Clock; silentMs: number },
): Promise<void> {
  const end = (connection: Connection): Promise<void> =>
    new Promise((resolve) => {
      const { socket } = connection
      const cancel = whenStalled(
        () => unsentBytes(socket),
        { clock, ms: silentMs },
        () => socket.destroy(),
      )
      socket.once('close', () => {
        cancel()
        resolve()
      })
      // Node has taken its own listeners off: a write of the owner's after this would end the process
      socket.on('error', () => {})
      traffic.end(connection, 'ended')
    })
  await Promise.all([...traffic.connections].filter(({ upgraded }) => upgraded).map(end))
}
