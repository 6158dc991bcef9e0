import type { Shutdown } from '@lastcall/core'
import {
  drainListening,
  internalsOf,
  probesBeside,
  shadow,
  type DrainableServer,
  type ProbePaths,
} from '@lastcall/core/http'
import type { HttpAdapterHost } from '@nestjs/core'
import { platformOf, type HttpAdapter } from './platform.js'

/** What an app was created with, as far as it matters. */
interface AppOptions {
  readonly return503OnClosing?: boolean
  readonly forceCloseConnections?: boolean
}

/** Answers the probes of an app before anything else does, and drains its servers. Returns what stops looking for them. */
export function serveHttp(host: HttpAdapterHost, shutdown: Shutdown, probes: ProbePaths | false): () => void {
  const { log } = internalsOf(shutdown)
  const stops: (() => void)[] = []

  let hasRoute = (_path: string): boolean => false
  // here, for options that are refused
  const answer = probes !== false && probesBeside(shutdown, probes, (path) => hasRoute(path))

  const meet = (adapter: HttpAdapter): void => {
    const platform = platformOf(adapter)
    hasRoute = platform.hasRoute
    if (answer) platform.before(answer)
    const init = adapter.initHttpServer.bind(adapter)
    shadow(adapter, 'initHttpServer', (options: AppOptions = {}) => {
      init(options)
      // Nest leaves the type of the server to its platform
      stops.push(drainListening(adapter.getHttpServer() as DrainableServer, shutdown, { probes }))
      for (const [name, reason] of Object.entries(defeats))
        if (options[name as keyof AppOptions]) log.warn({}, `${name}: ${reason}; leave it out`)
    })
    // Nest 12 makes the adapter refuse from the signal on, while everything is to be served
    if ('beforeClose' in adapter) shadow(adapter, 'beforeClose', () => {})
  }

  // in a testing module it comes later
  host.init$.subscribe(() => {
    // a standalone app has none
    const adapter = host.httpAdapter as HttpAdapter | null
    if (adapter) meet(adapter)
  })
  return () => {
    for (const stop of stops) stop()
  }
}

const defeats = {
  return503OnClosing: 'requests are refused when the drain begins and not before, so it does nothing',
  forceCloseConnections: 'it destroys connections that have not read the end of their answer',
}
