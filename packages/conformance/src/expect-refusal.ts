import { expect } from './expect.js'
import type { RawClient } from './raw-client.js'

/** The next response is the 503 of draining: it says when to come back, and the connection ends so that it can be read. */
export async function expectRefusal(client: RawClient): Promise<void> {
  const { status, headers } = await client.next()
  expect('late request', status, 503)
  expect('retry-after', /^[123]$/.test(headers['retry-after'] ?? ''), true)
  expect('connection', headers['connection'], 'close')
  expect('end of the connection', await client.over, 'FIN')
}
