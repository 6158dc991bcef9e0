// @ts-check
// An adapter for Hono: `serve` of @hono/node-server, with a graceful shutdown.
import { createAdaptorServer } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { createShutdown } from '@lastcall/core'
import { closeWebSockets, drainServer, handleProbes } from '@lastcall/core/http'

/**
 * @typedef {object} LastcallOptions
 * @property {import('@lastcall/core').Shutdown} [shutdown] An instance to be part of, instead of one of its own.
 * @property {import('@lastcall/core/http').ProbePaths | false} [probes] `/livez` and `/readyz` by default.
 */

/** @typedef {{ clients?: Set<import('@lastcall/core/http').WebSocketClient> }} Sockets Of `ws`. */

let servers = 0

/**
 * Serves an app: signals, probes, and an answer to every request that was accepted. Returns the server.
 * @param {import('hono').Hono} app
 * @param {Partial<Parameters<typeof createAdaptorServer>[0]> & LastcallOptions} options
 * @param {(address: import('node:net').AddressInfo) => void} [onListening]
 */
export function serve(app, options = {}, onListening = () => {}) {
  const { shutdown = createShutdown(), probes = {}, port = 3000, hostname, websocket } = options
  const probe = probes === false ? () => false : handleProbes(shutdown, leaveTo(app, probes))

  const server = createAdaptorServer({
    ...options,
    // What it does about a body that nobody has read closes the connection, and with it what comes behind.
    autoCleanupIncoming: false,
    fetch(request, env) {
      // Before the app's middleware, which may want a password. An upgrade has no response.
      if (env.outgoing && probe(env.incoming, env.outgoing)) return RESPONSE_ALREADY_SENT
      return app.fetch(request, env)
    },
  })
  // Before its first request, and before it listens: then the app is ready.
  drainServer(server, shutdown, { probes })

  const { clients } = /** @type {Sockets} */ (websocket?.server ?? {})
  if (clients) shutdown.register(`websockets ${(servers += 1)}`, closeWebSockets(clients))

  const address = () => /** @type {import('node:net').AddressInfo} */ (server.address())
  return server.listen(port, hostname, () => onListening(address()))
}

/**
 * Where the app has a route of its own, that answers.
 * @param {import('hono').Hono} app
 * @param {import('@lastcall/core/http').ProbePaths} paths
 */
function leaveTo(app, { live = '/livez', ready = '/readyz' }) {
  const taken = app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
  const free = (/** @type {string | false} */ path) => path !== false && !taken.includes(path) && path
  return { live: free(live), ready: free(ready) }
}
