import type { Shutdown, ShutdownOptions } from '@lastcall/core'
import {
  drainListening,
  shutdownFor,
  tieClose,
  type CloseWebSocketsOptions,
  type ProbePaths,
} from '@lastcall/core/http'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import { answerProbes } from './probes.js'
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
  const root = rootOf(app)
  if (webSockets !== false) closeAllWebSockets(app, root, shutdown, webSockets)
  if (probes !== false) answerProbes(app, root, shutdown, probes)
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

/** A plugin's context inherits from that of its parent (Fastify docs, "Encapsulation"). */
function rootOf(app: FastifyInstance): FastifyInstance {
  const parent = Object.getPrototypeOf(app) as FastifyInstance
  return 'addHook' in parent ? rootOf(parent) : app
}

function warnOfForcedClose(app: FastifyInstance): void {
  if (app.initialConfig.forceCloseConnections !== true) return
  app.log.warn('forceCloseConnections: true destroys requests that are still being answered; leave it out')
}
