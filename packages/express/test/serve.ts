import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { lastcall, type LastcallMiddleware, type LastcallOptions } from '@lastcall/express'
import type { Test } from 'tap'

/** One entry of the log. */
export interface Logged {
  readonly level: string
  readonly message: string
  readonly details: object
}

export interface Created {
  readonly middleware: LastcallMiddleware
  readonly logged: Logged[]
}

/** A middleware that leaves the test's process alone, and what it logs. */
export function create(options: LastcallOptions = {}): Created {
  const logged: Logged[] = []
  const write =
    (level: string) =>
    (details: object, message: string): void =>
      void logged.push({ level, message, details })
  const logger = { info: write('info'), warn: write('warn'), error: write('error') }
  return {
    logged,
    middleware: lastcall({ gracePeriodMs: 5_000, signals: false, crashes: false, logger, ...options }),
  }
}

export async function listen(
  t: Test,
  handler: RequestListener | Server,
): Promise<{ server: Server; port: number }> {
  const server = typeof handler === 'function' ? createServer(handler) : handler
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}
