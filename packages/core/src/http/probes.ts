import { internalsOf } from '../internals.js'
import { checkOptions, type Rule } from '../option-rules.js'
import type { Shutdown } from '../shutdown.js'
import { answerJson, noStore } from './answer-json.js'
import { pathOf } from './path-of.js'
import type { RequestLike, ResponseLike } from './request-like.js'

/** Where the probes answer; `false` turns one off. */
export interface ProbePaths {
  /** @default '/livez' */
  readonly live?: string | false
  /** @default '/readyz' */
  readonly ready?: string | false
}

const defaultProbes = { live: '/livez', ready: '/readyz' } as const

/**
 * A handler for `/livez` and `/readyz` that needs no framework: true when the request was a probe and is being answered.
 * Throws `ERR_LASTCALL_OPTION`.
 * @example createServer((req, res) => { if (!probe(req, res)) app(req, res) })
 */
export function handleProbes(
  shutdown: Shutdown,
  paths: ProbePaths = {},
): (req: RequestLike, res: ResponseLike) => boolean {
  checkOptions(paths, { live: probePath, ready: probePath }, 'probes')
  const { checkReadiness } = internalsOf(shutdown)
  return (req, res) => {
    const probe = whichProbe(req, paths)
    if (probe === undefined) return false
    if (probe === 'live') answer(res, true, shutdown)
    // never rejects: a check that throws means "not ready"
    else void checkReadiness().then((ready) => answer(res, ready, shutdown))
    return true
  }
}

/** @internal */
export const isProbe = (req: RequestLike, paths: ProbePaths | false): boolean =>
  paths !== false && whichProbe(req, paths) !== undefined

const probePath: Rule = {
  allowed: `false or a path that begins with '/'`,
  fits: (value) => value === false || (typeof value === 'string' && value.startsWith('/')),
}

function whichProbe(req: RequestLike, paths: ProbePaths): 'live' | 'ready' | undefined {
  if (req.method !== 'GET' && req.method !== 'HEAD') return undefined
  const path = pathOf(req)
  const { live = defaultProbes.live, ready = defaultProbes.ready } = paths
  if (path === live) return 'live'
  return path === ready ? 'ready' : undefined
}

function answer(res: ResponseLike, ok: boolean, { phase }: Shutdown): void {
  if (res.headersSent) return
  answerJson(res, ok ? 200 : 503, JSON.stringify({ status: ok ? 'ok' : 'unavailable', phase }), noStore)
}
