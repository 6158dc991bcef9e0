import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCommand } from '@lastcall/testing'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { findService } from './service.js'

const { binary, skip } = findService('redis-server')

/** Why a test that needs Redis is skipped. */
export const skipWithoutRedis: string | false = skip

export interface RedisServer {
  /** For REDIS_URL: a socket in its folder. */
  readonly url: string
  readonly client: Redis
  /** As if its machine had gone. */
  kill(): Promise<unknown>
}

/** Starts an empty one. */
export async function startRedis(t: Test): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lastcall-redis-'))
  const url = join(folder, 'socket')
  const server = startCommand([binary, '--port', '0', '--unixsocket', url, '--save', '', '--dir', folder])
  const kill = (): Promise<unknown> => {
    server.signal('SIGKILL')
    return server.ended
  }
  await server.line('ready to accept connections at')
  const client = new Redis(url, { maxRetriesPerRequest: null })
  // when it is killed
  client.on('error', () => {})
  t.teardown(async () => {
    client.disconnect()
    await kill()
    await rm(folder, { recursive: true })
  })
  return { url, client, kill }
}
