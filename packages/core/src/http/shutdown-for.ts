import { ShutdownError } from '../errors.js'
import type { ShutdownOptions } from '../options.js'
import { createShutdown, type Shutdown } from '../shutdown.js'

/**
 * @internal The instance that an adapter is part of: the one it is given, or one of its own.
 * Throws `ERR_LASTCALL_OPTION` or `ERR_LASTCALL_BUDGET`.
 */
export function shutdownFor(
  options: ShutdownOptions & { readonly shutdown?: Shutdown | undefined },
  defaults: ShutdownOptions = {},
): Shutdown {
  const { shutdown, ...own } = options
  if (!shutdown) return createShutdown({ ...defaults, ...own })
  const [extra] = Object.keys(own)
  if (extra === undefined) return shutdown
  throw new ShutdownError(
    'ERR_LASTCALL_OPTION',
    `Option '${extra}' must not be given beside 'shutdown', which has its own`,
  )
}
