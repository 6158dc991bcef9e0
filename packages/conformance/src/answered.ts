import type { Client } from './client.js'

/**
 * Settles when the app has accepted the connection, and answered on it: a short last call may give up what is still in the
 * accept queue.
 */
export async function answered<T extends Client>(connecting: Promise<T>): Promise<T> {
  const client = await connecting
  await client.ask('/')
  return client
}
