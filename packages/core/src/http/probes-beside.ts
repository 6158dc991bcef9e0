import { internalsOf } from '../internals.js'
import type { Shutdown } from '../shutdown.js'
import { pathOf } from './path-of.js'
import { handleProbes, isProbe, type ProbePaths } from './probes.js'
import type { RequestLike, ResponseLike } from './request-like.js'

/**
 * @internal Probes that stand before an app and yield to its own route at their path, which is said once. `hasRoute` is asked
 * for each probe, since routes may be added at any time.
 */
export function probesBeside<Request extends RequestLike>(
  shutdown: Shutdown,
  paths: ProbePaths,
  hasRoute: (path: string, req: Request) => boolean,
): (req: Request, res: ResponseLike) => boolean {
  const { log } = internalsOf(shutdown)
  const probe = handleProbes(shutdown, paths)
  const yielded = new Set<string>()

  return (req, res) => {
    if (!isProbe(req, paths)) return false
    const path = pathOf(req)
    if (!hasRoute(path, req)) return probe(req, res)
    if (!yielded.has(path))
      log.info({ url: path }, `the app has its own route at ${path}, which answers instead of the probe`)
    yielded.add(path)
    return false
  }
}
