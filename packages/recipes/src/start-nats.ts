import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCommand } from '@lastcall/testing'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Test } from 'tap'
import { findService } from './service.js'

const { binary, skip } = findService('nats-server')

/** Why a test that needs NATS is skipped. */
export const skipWithoutNats: string | false = skip

export interface NatsServer {
  /** For NATS_URL. */
  readonly url: string
  readonly client: NatsConnection
  /** As if its machine had gone. */
  kill(): Promise<unknown>
}

/** Starts an empty one with JetStream, on a port of its own choice. */
export async function startNats(t: Test): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lastcall-nats-'))
  const server = startCommand([
    binary,
    '--addr',
    '127.0.0.1',
    '--port',
    '-1',
    '--jetstream',
    '--store_dir',
    folder,
  ])
  const kill = (): Promise<unknown> => {
    server.signal('SIGKILL')
    return server.ended
  }
  const line = await server.line('Listening for client connections on')
  await server.line('Server is ready')
  const url = line.split(' ').at(-1) ?? ''
  const client = await connect({ servers: url })
  t.teardown(async () => {
    await client.close()
    await kill()
    await rm(folder, { recursive: true })
  })
  return { url, client, kill }
}
