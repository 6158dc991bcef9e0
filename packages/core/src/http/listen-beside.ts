import type { RequestListener, Server } from 'node:http'

/**
 * Listens to events that change what the server does as soon as anybody listens: only while somebody else does, and
 * before them. Returns what undoes it.
 */
export function listenBeside(server: Server, listeners: ReadonlyMap<string, RequestListener>): () => void {
  const onNewListener = (event: string, listener: unknown): void => {
    const own = listeners.get(event)
    if (own && listener !== own && !server.listeners(event).includes(own)) server.prependListener(event, own)
  }
  const onRemoveListener = (event: string): void => {
    const own = listeners.get(event)
    if (own && server.listeners(event).every((listener) => listener === own)) server.off(event, own)
  }

  for (const [event, own] of listeners)
    if (server.listenerCount(event) > 0) server.prependListener(event, own)
  server.on('newListener', onNewListener)
  server.on('removeListener', onRemoveListener)
  return () => {
    server.off('newListener', onNewListener)
    server.off('removeListener', onRemoveListener)
    for (const [event, own] of listeners) server.off(event, own)
  }
}
