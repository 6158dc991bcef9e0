import type { ShutdownOptions } from '@lastcall/core'
import type { ControlKind, Protocol } from '../subject.js'

/** What the environment tells an app. */
export interface AppSettings {
  readonly port: number
  readonly protocol: Protocol
  readonly tls: { readonly key: string; readonly cert: string }
  readonly options: ShutdownOptions
  /** Registers a participant that never finishes, or that fails. */
  readonly participant: 'hangs' | 'fails' | undefined
  readonly control: ControlKind | undefined
}

const { PORT = '0', CONFORMANCE = '{}' } = process.env

export const settings: AppSettings = {
  protocol: 'http',
  tls: { key: '', cert: '' },
  options: {},
  participant: undefined,
  control: undefined,
  ...JSON.parse(CONFORMANCE),
  port: Number(PORT),
}

export async function closeParticipant(): Promise<void> {
  if (settings.participant === 'hangs') await new Promise<never>(() => {})
  throw new Error('the participant fails')
}
