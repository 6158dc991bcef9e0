import type { ServerResponse } from 'node:http'
import type { Shutdown } from '@lastcall/core'
import { isProbe, probesBeside, type ProbePaths } from '@lastcall/core/http'
import type { Request } from 'express'
import { hasRoute, places, stackOf } from './router-stack.js'

/** The probes of one middleware. */
export interface Probes {
  /** Where the server sees them, below whatever the middleware is mounted at. */
  readonly outside: ProbePaths | false
  /** True when the request was a probe and is being answered. */
  answer(req: Request, res: ServerResponse): boolean
}

export const noProbes: Probes = { outside: false, answer: () => false }

/** Answers where the middleware is mounted, unless the app has its own route there, wherever in the chain that is. */
export function createProbes(shutdown: Shutdown, paths: ProbePaths, attach: object): Probes {
  const { live = '/livez', ready = '/readyz' } = paths
  const probe = probesBeside(shutdown, paths, (path, req: Request) =>
    hasRoute(stackAround(attach, req), path),
  )
  // nobody tells a middleware where it is mounted but its requests
  let base = ''
  const below = (path: string | false): string | false => path !== false && base + path

  return {
    outside: {
      get live() {
        return below(live)
      },
      get ready() {
        return below(ready)
      },
    },
    answer(req, res) {
      if (!isProbe(req, paths)) return false
      base = req.baseUrl ?? ''
      return probe(req, res)
    },
  }
}

/** The stack that the middleware is in: paths are the same for all of it. */
function stackAround(attach: object, { app, baseUrl }: Request): ReturnType<typeof stackOf> {
  for (const { handle, stack } of places(app))
    if ((handle as { attach?: object }).attach === attach) return stack
  // called by a function of the user's
  return baseUrl ? [] : stackOf(app)
}
