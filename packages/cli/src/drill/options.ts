/** Paths of the app. Undefined: that traffic is left out. */
export interface DrillPaths {
  readonly ready: string
  readonly get: string
  readonly post: string
  readonly list: string
  readonly slow: string
  readonly large: string
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
  /** Copied into the data directory of each instance before its first start. */
  readonly data?: string | undefined
  /** Least time between two restarts, from signal to signal. @default 0 */
  readonly periodMs?: number
  /** Added to the environment of the app. */
  readonly env?: Readonly<Record<string, string>>
}

/** They match `examples/fastify`. */
export const defaultPaths: DrillPaths = {
  ready: '/readyz',
  get: '/orders/latest',
  post: '/orders',
  list: '/orders',
  slow: '/slow?ms=2000',
  large: '/export',
}
