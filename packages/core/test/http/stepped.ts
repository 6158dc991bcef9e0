import { fileURLToPath } from 'node:url'
import type { Phase, ShutdownOptions } from '@lastcall/core'
import type { AdminServerOptions } from '@lastcall/core/http'
import { startProgram, type Program } from '@lastcall/testing'
import type { Test } from 'tap'
import { connectRaw, type RawClient, type RawResponse } from './raw-client.js'

/** What `fixtures/admin.ts` is told, as JSON. */
export interface SteppedSettings {
  readonly options?: Omit<ShutdownOptions, 'logger' | 'readiness' | 'onReport'>
  readonly admin?: Partial<AdminServerOptions>
  /** A hold that nobody gives back. */
  readonly hangs?: boolean
  /** A participant whose release fails. */
  readonly fails?: boolean
  /** The app itself calls `process.exit()` in this phase. */
  readonly exits?: Phase
}

/** A process with an admin server, whose phases last until the test says otherwise. */
export interface Stepped extends Omit<Program, 'port'> {
  readonly port: number
  connect(): Promise<RawClient>
  ask(path: string, method?: string): Promise<RawResponse>
  /** Ends the step in progress. */
  goOn(): void
}

/** The steps of a shutdown, in order, and the phase that each of them keeps going. */
export const steps: readonly (readonly [step: string, phase: Phase])[] = [
  ['lame duck', 'lame-duck'],
  ['last call', 'last-call'],
  ['drain', 'draining'],
  ['release', 'releasing'],
]

export async function startStepped(t: Test, settings: SteppedSettings = {}): Promise<Stepped> {
  const file = fileURLToPath(new URL('fixtures/admin.js', import.meta.url))
  const program = startProgram(t, [file, JSON.stringify(settings)])
  const port = Number((await program.line('admin ')).split(' ')[1])
  return {
    ...program,
    port,
    connect: () => connectRaw(port),
    async ask(path, method = 'GET') {
      const client = await connectRaw(port)
      client.send(path, { method })
      return client.next()
    },
    goOn: () => program.signal('SIGUSR2'),
  }
}
