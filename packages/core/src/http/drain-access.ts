import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Who may drain; undefined: this one. */
export type DrainAccess = (req: IncomingMessage) => Refusal | undefined

/**
 * Whoever has the token, and whoever is on this machine. Never a browser: it does what any page tells it, and it is on
 * this machine.
 */
export function drainAccess(token: string | undefined): DrainAccess {
  const expected = token === undefined ? undefined : digest(token)
  const hasToken = ({ headers }: IncomingMessage): boolean => {
    const [, given] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
    return expected !== undefined && given !== undefined && timingSafeEqual(digest(given), expected)
  }
  const unauthorized: Refusal = expected
    ? {
        status: 401,
        message: 'it takes the token, or a POST from this machine',
        headers: { 'WWW-Authenticate': 'Bearer' },
      }
    : { status: 403, message: 'no token is set, so it takes a POST from this machine' }
  return (req) => {
    const { method, headers } = req
    if (method !== 'POST' && method !== 'GET')
      return { status: 405, message: 'it takes a POST', headers: { Allow: 'POST, GET' } }
    if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
      return { status: 403, message: 'browsers may not' }
    return hasToken(req) || (method === 'POST' && isLocal(req)) ? undefined : unauthorized
  }
}

/** Of equal length, whatever the length of the token: nothing can be measured. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

/**
 * Whether a request comes from a client on this machine, and not through one. Both ends of the connection say so, since the
 * proxy of a service mesh comes from a loopback address too; so do the name that was asked for, since the name of
 * somebody's page may point here (DNS rebinding), the absence of all that proxies add, and HTTP/1.1: many that add nothing
 * speak 1.0.
 */
function isLocal({ socket, headers, httpVersion }: IncomingMessage): boolean {
  return (
    [socket.remoteAddress, socket.localAddress].every((address) => localAddresses.includes(address ?? '')) &&
    isLoopback((headers.host ?? '').replace(/:\d+$/, '')) &&
    httpVersion === '1.1' &&
    !Object.keys(headers).some((name) => addedByProxies.test(name))
  )
}

/** Whether a host is a name or an address of this machine that nobody else can reach. */
export const isLoopback = (host: string): boolean => /^(localhost|127\.0\.0\.1|::1|\[::1\])$/i.test(host)

const localAddresses = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

const addedByProxies = /forwarded|^via$|client-ip|real-ip|^x-envoy-|^l5d-|^cf-/
