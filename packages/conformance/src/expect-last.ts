import type { Client } from './client.js'
import { expect } from './expect.js'
import type { RawResponse } from './response-parser.js'

/** The response is the last one of its connection, which says so, where it is the response that says it, and ends well. */
export async function expectLast(client: Client, { headers }: RawResponse): Promise<void> {
  expect('connection', headers['connection'], client.version === 1 ? 'close' : undefined)
  expect('end of the connection', await client.over, 'FIN')
}
