import type { Shutdown } from '@lastcall/core'
import { probesBeside, type ProbePaths } from '@lastcall/core/http'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'

/**
 * A hook and not a route, which would collide with one of the app's at the same path. That one, added at any time, is what
 * answers; patterns such as `/*` do not count, as they would not beside a route.
 */
export function answerProbes(
  app: FastifyInstance,
  root: FastifyInstance,
  shutdown: Shutdown,
  paths: ProbePaths,
): void {
  const answer = probesBeside(shutdown, paths, (path) => hasRoute(app, path))
  const onRequest: onRequestHookHandler = (request, reply, done) => {
    if (!answer(request.raw, reply.raw)) return done()
    reply.hijack()
  }
  // what no route has a path for ends in the root context, whatever plugin this is
  for (const context of new Set([root, app])) context.addHook('onRequest', onRequest)
}

/** A route at this very path: a pattern that matches it would have found parameters in it. */
function hasRoute(app: FastifyInstance, url: string): boolean {
  const route = app.findRoute({ method: 'GET', url })
  return route !== null && Object.keys(route.params).length === 0
}
