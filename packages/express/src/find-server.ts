import { subscribe } from 'node:diagnostics_channel'
import { isDrained, type DrainableServer } from '@lastcall/core/http'
import { hidesSome, places, type Place } from './router-stack.js'

/** Gets a server whose app has the middleware, and where in the app it is. */
export type OnServer = (server: DrainableServer, place: Place) => void

/** Published when a server listens, with the server (Node docs, "Diagnostics Channel"; Node 20 and later). */
const listenChannel = 'tracing:net.server.listen:asyncEnd'

/** By what instrumentation keeps of a middleware that it wraps: its properties. */
const seekers = new WeakMap<object, OnServer>()

/** Servers that have listened; those that no longer do are forgotten when the next one does. */
const servers = new Set<DrainableServer>()

subscribe(listenChannel, (message) => {
  for (const server of servers) if (!server.listening) servers.delete(server)
  const { server } = message as { server: DrainableServer }
  servers.add(server)
  for (const { place, onServer } of seekersOf(server)) onServer(server, place)
})

/** From here on a server that begins to listen is found if its app has a middleware with this `attach`. */
export function findServers(attach: object, onServer: OnServer): void {
  seekers.set(attach, onServer)
}

/**
 * What listens already: the servers whose app has the middleware, else the only one whose app may have it, in an app that
 * is mounted in it.
 */
export function lookAgain(attach: object): readonly DrainableServer[] {
  const listening = [...servers].filter((server) => server.listening && !isDrained(server))
  const certain = listening.filter((server) =>
    [...seekersOf(server)].some((seeker) => seeker.attach === attach),
  )
  if (certain.length > 0) return certain
  const possible = listening.filter((server) => server.listeners('request').some(hidesSome))
  return possible.length === 1 ? possible : []
}

function* seekersOf(
  server: DrainableServer,
): Generator<{ attach: object; onServer: OnServer; place: Place }> {
  for (const listener of server.listeners('request')) {
    for (const place of places(listener)) {
      const { attach } = place.handle as { attach?: object }
      const onServer = typeof attach === 'function' ? seekers.get(attach) : undefined
      if (attach && onServer) yield { attach, onServer, place }
    }
  }
}
