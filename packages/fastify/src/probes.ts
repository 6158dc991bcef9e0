import type { Shutdown } from '@lastcall/core'
import { handleProbes, type ProbePaths } from '@lastcall/core/http'
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
  const { live = '/livez', ready = '/readyz' } = paths
  let probe = handleProbes(shutdown, { live, ready })
  const answer: onRequestHookHandler = (request, reply, done) => {
    if (!probe(request.raw, reply.raw)) return done()
    reply.hijack()
  }
  // what no route has a path for ends in the root context, whatever plugin this is
  for (const context of new Set([root, app])) context.addHook('onRequest', answer)
  // said at start-up: then all routes are there
  app.addHook('onReady', async () => {
    const yieldTo = (url: string | false): string | false => {
      if (url === false || !hasRoute(app, url)) return url
      app.log.info({ url }, `the app has its own route at ${url}, which answers instead of the probe`)
      return false
    }
    probe = handleProbes(shutdown, { live: yieldTo(live), ready: yieldTo(ready) })
  })
}

/** A route at this very path: a pattern that matches it would have found parameters in it. */
function hasRoute(app: FastifyInstance, url: string): boolean {
  const route = app.findRoute({ method: 'GET', url })
  return route !== null && Object.keys(route.params).length === 0
}
