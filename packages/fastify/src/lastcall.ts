import type { Shutdown, ShutdownOptions } from '@lastcall/core'
import {
  drainListening,
  handleProbes,
  shutdownFor,
  tieClose,
  type CloseWebSocketsOptions,
  type ProbePaths,
} from '@lastcall/core/http'
import type { FastifyInstance, FastifyPluginAsync, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { closeAllWebSockets } from './websockets.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The graceful shutdown of this app: register resources, take holds, ask for its phase. */
    shutdown: Shutdown
  }
}

/** The options of `createShutdown`, and three of Fastify's own. */
export interface LastcallOptions extends ShutdownOptions {
  /** An instance to be part of, instead of one that is made from the other options. */
  readonly shutdown?: Shutdown
  /** Where the probes answer, `/livez` and `/readyz` by default; `false` turns them off. */
  readonly probes?: ProbePaths | false
  /** What the close frames of `@fastify/websocket` say, 1012 by default; `false` leaves its clients to itself. */
  readonly webSockets?: CloseWebSocketsOptions | false
}

const register: FastifyPluginAsync<LastcallOptions> = async (app, options) => {
  const { probes = {}, webSockets = {}, ...rest } = options
  const shutdown = instanceFor(app, rest)
  app.decorate('shutdown', shutdown)
  const close = tieClose(shutdown, 'fastify', () => app.close())
  const stopLooking = drainListening(app.server, shutdown, { probes })

  // hooks are last-in-first-out: the first to be added runs after all others
  app.addHook('onClose', async () => {
    stopLooking()
    await close.last()
  })
  app.addHook('onReady', async () => {
    // one that is added only now runs before Fastify's own closer, which would answer 503 to everything from then on
    app.addHook('onClose', close.first)
    close.check()
    warnOfForcedClose(app)
  })
  if (webSockets !== false) closeAllWebSockets(app, rootOf(app), shutdown, webSockets)
  if (probes !== false) answerProbes(app, shutdown, probes)
}

/** Graceful shutdown for a Fastify app: signals, probes, draining, and the order in which everything closes. */
export const lastcall: FastifyPluginAsync<LastcallOptions> = fp(register, {
  name: '@lastcall/fastify',
  fastify: '^4.26.0 || ^5.0.0',
})

export default lastcall

function instanceFor(
  app: FastifyInstance,
  options: Omit<LastcallOptions, 'probes' | 'webSockets'>,
): Shutdown {
  // what Fastify itself puts among a plugin's options
  return shutdownFor(omit(options, ['prefix', 'logLevel', 'logSerializers']), { logger: app.log })
}

function omit<T extends object>(options: T, names: readonly string[]): T {
  // keys that T does not know cannot be needed by whoever asked for a T
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name))) as T
}

/**
 * A hook and not a route, which would collide with one of the app's at the same path. That one, added at any time, is what
 * answers; patterns such as `/*` do not count, as they would not beside a route.
 */
function answerProbes(app: FastifyInstance, shutdown: Shutdown, paths: ProbePaths): void {
  const { live = '/livez', ready = '/readyz' } = paths
  let probe = handleProbes(shutdown, { live, ready })
  const answer: onRequestHookHandler = (request, reply, done) => {
    if (!probe(request.raw, reply.raw)) return done()
    reply.hijack()
  }
  // what no route has a path for ends in the root context, whatever plugin this is
  for (const context of new Set([rootOf(app), app])) context.addHook('onRequest', answer)
  app.addHook('onReady', async () => {
    const yieldTo = (url: string | false): string | false => {
      if (url === false || !hasOwnRoute(app, url)) return url
      app.log.info({ url }, `the app has its own route at ${url}, which answers instead of the probe`)
      return false
    }
    probe = handleProbes(shutdown, { live: yieldTo(live), ready: yieldTo(ready) })
  })
}

/** A route at this very path: a pattern that matches it would have found parameters in it. */
function hasOwnRoute(app: FastifyInstance, url: string): boolean {
  const route = app.findRoute({ method: 'GET', url })
  return route !== null && Object.keys(route.params).length === 0
}

/** A plugin's context inherits from that of its parent (Fastify docs, "Encapsulation"). */
function rootOf(app: FastifyInstance): FastifyInstance {
  const parent = Object.getPrototypeOf(app) as FastifyInstance
  return 'addHook' in parent ? rootOf(parent) : app
}

function warnOfForcedClose(app: FastifyInstance): void {
  if (app.initialConfig.forceCloseConnections !== true) return
  app.log.warn('forceCloseConnections: true destroys requests that are still being answered; leave it out')
}
