/** Paths of the app. Undefined: that traffic is left out. */
export interface DrillPaths {
  readonly ready: string
  /** @default /livez */
  readonly live?: string | undefined
  readonly get: string
  readonly post: string
  readonly list: string
  readonly slow: string
  readonly large: string
  /** Some clients keep a WebSocket here. @default none does */
  readonly webSocket?: string | undefined
  /** Some clients listen to server-sent events here. @default none does */
  readonly eventStream?: string | undefined
}

export interface DrillOptions {
  readonly command: readonly string[]
  readonly restarts: number
  readonly instances: number
  readonly graceMs: number
  readonly readyTimeoutMs: number
  readonly clients: number
  readonly seed: number
  readonly paths: DrillPaths
  /** Those that must answer as they should: the others may be missing. @default [] */
  readonly named?: readonly (keyof DrillPaths)[]
  /** The variable that the app takes its port from. @default PORT */
  readonly portEnv?: string | undefined
  /** The one port that the app listens on. @default free ones, which take the place of `{port}` in the command, too */
  readonly port?: number | undefined
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** What is posted, or `@` and a file with it. @default orders as `examples/fastify` takes them */
  readonly body?: string | undefined
  /** Copied into the data directory of each instance before its first start. */
  readonly data?: string | undefined
  /** Least time between two restarts, from signal to signal. @default 0 */
  readonly periodMs?: number
  /** Added to the environment of the app. */
  readonly env?: Readonly<Record<string, string>>
}

/** They match `examples/fastify`. */
export const defaultPaths: DrillPaths & { readonly live: string } = {
  ready: '/readyz',
  live: '/livez',
  get: '/orders/latest',
  post: '/orders',
  list: '/orders',
  slow: '/slow?ms=2000',
  large: '/export',
}
