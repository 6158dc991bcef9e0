import type { Command } from 'commander'
import type { DrillOptions, DrillPaths } from './options.js'

/** What the command line gives, as it is called there. */
export interface Flags extends DrillPaths {
  readonly restarts: number
  readonly instances: number
  readonly grace: number
  readonly readyTimeout: number
  readonly clients: number
  readonly seed: number
  readonly data?: string
  readonly portEnv: string
  readonly port?: number
  readonly header?: Readonly<Record<string, string>>
  readonly body?: string
  readonly websocket?: string
  readonly eventStream?: string
  readonly json?: boolean
  readonly html?: string
}

/** What a drill is to do. Flags that contradict each other end the program. */
export function toOptions(started: readonly string[], flags: Flags, command: Command): DrillOptions {
  const { restarts, clients, seed, ready, live, get, post, list, slow, large, websocket, eventStream } = flags
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  if (flags.port !== undefined && isGiven('instances') && flags.instances > 1) {
    command.error(
      'error: with --port there is one instance only, since two cannot listen on the same port: leave out --instances, or pass the port with --port-env or {port}',
    )
  }
  const paths = { ready, live, get, post, list, slow, large }
  return {
    command: started,
    restarts,
    instances: flags.port === undefined ? flags.instances : 1,
    clients,
    seed,
    data: flags.data,
    graceMs: flags.grace,
    readyTimeoutMs: flags.readyTimeout,
    portEnv: flags.portEnv,
    port: flags.port,
    headers: flags.header ?? {},
    body: flags.body,
    paths: { ...paths, webSocket: websocket, eventStream },
    // the names of options are those of the paths
    named: (Object.keys(paths) as (keyof typeof paths)[]).filter(isGiven),
  }
}
