import { once } from 'node:events'
import { createServer } from 'node:net'
import { host } from './balancer.js'

/** Below the kernel's ephemeral range, so that no outgoing connection takes it. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    const server = createServer()
    try {
      server.listen(port, host)
      await once(server, 'listening')
    } catch {
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
  throw new Error(`No free port found on ${host}`)
}
