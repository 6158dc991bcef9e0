import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Finds a loopback port that stays free while its owner restarts. It lies below the kernel's ephemeral range (32768 and
 * up on Linux): from that range an outgoing connection could take the port while nobody listens, or even connect to itself.
 */
export async function findFreePort(host: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    if (await isFree(host, port)) return port
  }
  throw new Error(`No free port found on ${host} between 10000 and 32000`)
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
