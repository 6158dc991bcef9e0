import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { SessionServer } from '../servers.js'
import { shadow } from '../shadow.js'

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

/** From here on new streams reach `answer` instead of the server's own listeners, of either API. Returns what undoes it. */
export function guardStreams(server: SessionServer, answer: Answer): () => void {
  const emit = server.emit.bind(server) as (event: string | symbol, ...args: unknown[]) => boolean
  const guarded = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'stream') return emit(event, ...args)
    answer(...(args as Parameters<Answer>))
    return true
  }
  return shadow(server, 'emit', guarded)
}
