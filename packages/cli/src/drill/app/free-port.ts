import { once } from 'node:events'
import { createServer } from 'node:net'

const lowest = 10_000
const count = 22_000

// Drills that run at the same time begin far apart, and none comes back to a port of its own before it has tried all
// others: while an instance restarts, its port looks free to everybody.
let next = (process.pid * 613) % count

/**
 * Finds a port that stays free while its owner restarts. It lies below the kernel's ephemeral range (32768 and up on
 * Linux): from that range an outgoing connection could take the port while nobody listens, or even connect to itself.
 */
export async function findFreePort(host: string): Promise<number> {
  for (let attempt = 0; attempt < count; attempt++) {
    const port = lowest + next
    next = (next + 1) % count
    if (await isFree(host, port)) return port
  }
  throw new Error(`No port between ${lowest} and ${lowest + count} is free on ${host}`)
}

export async function isFree(host: string, port: number): Promise<boolean> {
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
