import type { EventEmitter } from 'node:events'

type Listener = Parameters<EventEmitter['on']>[1]

/** Several rooms may listen beside the same listener: they are nobody to each other. */
const ours = new WeakSet<object>()

/**
 * Listens to events that change what the server does as soon as anybody listens: only while somebody else does, and
 * before them. Returns what undoes it.
 */
export function listenBeside(server: EventEmitter, listeners: ReadonlyMap<string, Listener>): () => void {
  const isSomebody = (listener: object): boolean => !ours.has(listener)
  const onNewListener = (event: string, listener: object): void => {
    const own = listeners.get(event)
    if (own && isSomebody(listener) && !server.listeners(event).includes(own))
      server.prependListener(event, own)
  }
  const onRemoveListener = (event: string): void => {
    const own = listeners.get(event)
    if (own && !server.listeners(event).some(isSomebody)) server.off(event, own)
  }

  for (const [event, own] of listeners) {
    ours.add(own)
    if (server.listeners(event).some(isSomebody)) server.prependListener(event, own)
  }
  server.on('newListener', onNewListener)
  server.on('removeListener', onRemoveListener)
  return () => {
    server.off('newListener', onNewListener)
    server.off('removeListener', onRemoveListener)
    for (const [event, own] of listeners) server.off(event, own)
  }
}
