import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AbstractHttpAdapter } from '@nestjs/core'

export type HttpAdapter = AbstractHttpAdapter

/** True when the request is being answered. */
type Answer = (req: IncomingMessage, res: ServerResponse) => boolean

/** What differs between Express and Fastify. */
export interface Platform {
  /** Calls `answer` before the app's own middleware, guards and interceptors. */
  before(answer: Answer): void
  /** Whether the app has a route of its own at this very path: patterns do not count. */
  hasRoute(path: string): boolean
}

export function platformOf(adapter: HttpAdapter): Platform {
  return adapter.getType() === 'fastify' ? fastify(adapter) : express(adapter)
}

interface ExpressApp {
  readonly router?: { readonly stack?: readonly ExpressLayer[] }
}

interface ExpressLayer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> }
}

function express(adapter: HttpAdapter): Platform {
  return {
    before: (answer) => useMiddleware(adapter, answer),
    hasRoute(path) {
      const { router } = adapter.getInstance<ExpressApp>()
      return (router?.stack ?? []).some(
        ({ route }) =>
          [route?.path].flat().includes(path) && Boolean(route?.methods['get'] ?? route?.methods['_all']),
      )
    },
  }
}

interface FastifyApp {
  addHook(
    name: 'onRequest',
    hook: (request: { readonly raw: IncomingMessage }, reply: FastifyReply, done: () => void) => void,
  ): unknown
  findRoute(route: { method: 'GET'; url: string }): { readonly params: object } | null
}

interface FastifyReply {
  readonly raw: ServerResponse
  hijack(): unknown
}

function fastify(adapter: HttpAdapter): Platform {
  const app = adapter.getInstance<FastifyApp>()
  return {
    before(answer) {
      try {
        // a hook would come after the one that runs the app's middleware
        useMiddleware(adapter, answer)
      } catch {
        // an adapter made with `skipMiddie` has no middleware
        app.addHook('onRequest', (request, reply, done) => {
          if (!answer(request.raw, reply.raw)) return done()
          reply.hijack()
        })
      }
    },
    hasRoute(path) {
      const route = app.findRoute({ method: 'GET', url: path })
      return route !== null && Object.keys(route.params).length === 0
    },
  }
}

function useMiddleware(adapter: HttpAdapter, answer: Answer): void {
  adapter.use((req: IncomingMessage, res: ServerResponse, next: () => void) => {
    if (!answer(req, res)) next()
  })
}
