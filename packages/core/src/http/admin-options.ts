import { badOption, badToken } from '../errors.js'
import { checkNames } from '../option-rules.js'
import type { AdminServerOptions } from './admin-server.js'

/** Long enough not to be guessed, and short enough for a header. */
const tokenLength = { min: 16, max: 1_024 }

/** Throws `ERR_LASTCALL_OPTION`. */
export function checkAdminOptions(
  options: AdminServerOptions,
): Required<Omit<AdminServerOptions, 'token'>> & Pick<AdminServerOptions, 'token'> {
  checkNames(options, ['port', 'host', 'token'])
  const { port, host = '127.0.0.1', token } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw badOption('port', port, 'a whole number from 0 to 65535')
  if (typeof host !== 'string' || host === '') throw badOption('host', host, 'an address or a name')
  checkToken(token)
  return { port, host, token }
}

/** A token that cannot be sent would be found out by the preStop hook, during a deploy. */
function checkToken(token: unknown): void {
  if (token === undefined) return
  const { min, max } = tokenLength
  if (typeof token !== 'string') throw badToken('must be a string')
  if (token.length < min || token.length > max)
    throw badToken(`must have ${min} to ${max} characters, not ${token.length}`)
  if (!/^[!-~]+$/.test(token))
    throw badToken('must be printable ASCII without spaces: a line break at its end?')
}
