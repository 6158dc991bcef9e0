import type { Client } from './client.js'
import { expect } from './expect.js'

/** The next response is the 503 of draining: it says when to come back, and a connection of HTTP/1.1 ends so that it can be read. */
export async function expectRefusal(client: Client): Promise<void> {
  const { status, headers } = await client.next()
  expect('late request', status, 503)
  expect('retry-after', /^[123]$/.test(headers['retry-after'] ?? ''), true)
  if (client.version === 2) return
  expect('connection', headers['connection'], 'close')
  expect('end of the connection', await client.over, 'FIN')
}
