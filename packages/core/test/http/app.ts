import { fileURLToPath } from 'node:url'
import type { Report, ShutdownOptions } from '@lastcall/core'
import type { AdminServerOptions } from '@lastcall/core/http'
import {
  startProgram,
  type Certificate,
  type FrameClient,
  type FramesOptions,
  type Program,
} from '@lastcall/testing'
import type { Test } from 'tap'
import { frames } from './frames.js'
import { connectRaw, type ConnectOptions, type RawClient } from './raw-client.js'

/** What `fixtures/app.ts` is told, as JSON. */
export interface AppSettings {
  /** The control: `server.close()` on SIGTERM and nothing else, or every response says `Connection: close` as well. */
  readonly plain?: 'close' | 'say close'
  readonly options?: Omit<ShutdownOptions, 'logger' | 'readiness' | 'onReport'>
  /** Has an admin server too, on a port of its own. */
  readonly admin?: Partial<AdminServerOptions>
  readonly drain?: { readonly probes?: false | { readonly live?: string; readonly ready?: string } }
  /** What every random number is: at 0 each connection's moment comes at once. */
  readonly random?: number
  readonly tls?: Certificate
  /** A server of `node:http2`, with or without a fallback for those who speak no HTTP/2 (which needs TLS). */
  readonly http2?: true | 'or HTTP/1'
  readonly port?: number
  /** How long each turn of its loop takes, in ms, as if something else had the processor. @default as long as it takes */
  readonly turnMs?: number
}

export interface App extends Omit<Program, 'port'> {
  readonly port: number
  connect(options?: ConnectOptions): Promise<RawClient>
  /** A connection that shows every frame. */
  frames(options?: Partial<FramesOptions>): Promise<FrameClient>
  /** The report of the shutdown that ended it. */
  report(): Promise<Report>
}

/** Starts the app as a process of its own; settles when it listens. */
export async function startApp(t: Test, settings: AppSettings = {}): Promise<App> {
  const file = fileURLToPath(new URL('fixtures/app.js', import.meta.url))
  const program = startProgram(t, [file, JSON.stringify(settings)])
  const port = await program.port()
  return {
    ...program,
    port,
    connect: (options) => connectRaw(port, { tls: settings.tls !== undefined, ...options }),
    frames: (options) => frames(t, { port, tls: settings.tls !== undefined, ...options }),
    async report() {
      const { report, stderr } = await program.ended
      if (!report) throw new Error(`no report in:\n${stderr}`)
      // the whole of it is logged
      return report as unknown as Report
    },
  }
}
