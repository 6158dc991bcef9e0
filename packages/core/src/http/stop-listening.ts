import { Server as HttpServer } from 'node:http'
import { Server as NetServer } from 'node:net'
import { speaksHttp1, speaksHttp2, type DrainableServer } from './servers.js'

/**
 * Stops listening and does nothing else to who is connected. Node's own, which also clears an interval that would outlive
 * the server, is safe as long as `closeIdleConnections` is guarded; not the instance's: somebody may have put one on it that
 * does more.
 */
export function stopListening(server: DrainableServer | NetServer, callback?: (error?: Error) => void): void {
  const { close } = speaksHttp2(server) ? baseOf(server) : (Object.getPrototypeOf(server) as NetServer)
  close.call(server, callback)
}

/** Closes a server that never listened: code that runs for the first time takes longer, and who connects meanwhile is reset. */
export const rehearseClose = (): void => stopListening(new HttpServer())

/** From Node 24 on the servers of `node:http2` send every session its last GOAWAY when they are closed: what they extend does not. */
const baseOf = (server: NetServer): NetServer =>
  (speaksHttp1(server) ? HttpServer.prototype : NetServer.prototype) as NetServer
