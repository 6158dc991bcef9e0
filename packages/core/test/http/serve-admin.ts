import type { Shutdown, ShutdownOptions } from '@lastcall/core'
import { createAdminServer, type AdminServer, type AdminServerOptions } from '@lastcall/core/http'
import type { Test } from 'tap'
import { systemClock } from '#src/clock.js'
import type { Registry } from '#src/registry.js'
import { assembleShutdown } from '#src/shutdown.js'
import { connectRaw, type ConnectOptions, type RawClient, type RawResponse } from './raw-client.js'

export interface ServedAdmin {
  readonly shutdown: Shutdown
  readonly registry: Registry
  readonly admin: AdminServer
  /** Messages of warnings, in order. */
  readonly warnings: readonly string[]
  connect(options?: ConnectOptions): Promise<RawClient>
  /** Sends lines as they are, and settles with the answer. */
  ask(lines: readonly string[], options?: ConnectOptions): Promise<RawResponse>
}

export const token = 'a-token-of-24-characters'

/** Instances that know nothing of those of other tests: a drain of one begins all that it knows. */
export function separate(
  registry: Registry = { members: new Set(), listeners: new Map() },
  options: ShutdownOptions = {},
  isShared = false,
): { shutdown: Shutdown; registry: Registry; warnings: string[] } {
  const warnings: string[] = []
  const logger = { info() {}, warn: (_: object, message: string) => void warnings.push(message), error() {} }
  const given = {
    gracePeriodMs: 10_000,
    signals: false,
    crashes: false,
    exit: false,
    logger,
    ...options,
  } as const
  return { shutdown: assembleShutdown(given, { clock: systemClock, registry, isShared }), registry, warnings }
}

export async function serveAdmin(
  t: Test,
  { admin: given, options }: { admin?: Partial<AdminServerOptions>; options?: ShutdownOptions } = {},
): Promise<ServedAdmin> {
  const { shutdown, registry, warnings } = separate(undefined, options)
  const admin = await createAdminServer(shutdown, { port: 0, ...given })
  const clients: RawClient[] = []
  const connect = async (how?: ConnectOptions): Promise<RawClient> => {
    const client = await connectRaw(admin.port, how)
    clients.push(client)
    return client
  }
  t.teardown(async () => {
    for (const { socket } of clients) socket.destroy()
    await admin.close()
  })
  return {
    shutdown,
    registry,
    admin,
    warnings,
    connect,
    async ask(lines, how) {
      const client = await connect(how)
      client.socket.write(`${lines.join('\r\n')}\r\n\r\n`)
      return client.next()
    },
  }
}
