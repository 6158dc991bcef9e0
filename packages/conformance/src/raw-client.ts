import type { Socket } from 'node:net'
import { connectSocket, requestText, type ConnectOptions, type Ending } from '@lastcall/testing'
import type { Client } from './client.js'
import { createResponseParser, type RawResponse } from './response-parser.js'

/** One connection of HTTP/1.1 that hides nothing: the client sees whether it ended with a FIN or a reset. */
export interface RawClient extends Client {
  /** Writes a piece of a request. What is asked for has to be said once: the method decides about the response's framing. */
  write(piece: string, method?: string): void
}

/** Settles when the connection stands, with TLS when its handshake is over; rejects when it was refused or broke. */
export async function connectRaw(options: ConnectOptions): Promise<RawClient> {
  // it keeps its side open, as one that has more to send would
  const { socket, stands } = connectSocket(options, { allowHalfOpen: true })
  const client = watch(socket)
  await stands
  return client
}

function watch(socket: Socket): RawClient {
  const arrived: RawResponse[] = []
  const waiting: { resolve: (response: RawResponse) => void; reject: (error: Error) => void }[] = []
  const parser = createResponseParser((response) => {
    const first = waiting.shift()
    if (first) first.resolve(response)
    else arrived.push(response)
  })
  let ending: Ending | undefined
  let received = 0
  let settle: (ending: Ending) => void = () => {}
  const over = new Promise<Ending>((resolve) => (settle = resolve))
  const failure = (): Error => new Error(`${ending} after ${received} bytes`)
  const end = (how: Ending): void => {
    ending ??= how
    settle(ending)
    for (const { reject } of waiting.splice(0)) reject(failure())
  }
  socket.on('data', (chunk) => {
    received += chunk.length
    try {
      parser.push(chunk)
    } catch (error) {
      // what comes from here on means nothing
      for (const { reject } of waiting.splice(0)) reject(error as Error)
      socket.destroy()
    }
  })
  socket.once('end', () => {
    parser.end()
    end(parser.within ? 'truncated' : 'FIN')
    // whoever has been told does not stay
    socket.end()
  })
  socket.once('error', () => end('reset'))
  socket.once('close', () => end('reset'))

  const client: RawClient = {
    version: 1,
    socket,
    send(path, request = {}) {
      client.write(requestText(path, request), request.method ?? 'GET')
    },
    write(piece, method) {
      if (method !== undefined) parser.expect(method)
      socket.write(piece)
    },
    upload(path, length) {
      client.write(requestText(path, { method: 'POST', headers: [`Content-Length: ${length}`] }), 'POST')
      return (piece) => client.write(piece)
    },
    begun: () => new Promise((resolve) => socket.once('data', () => resolve())),
    next: () =>
      new Promise((resolve, reject) => {
        const first = arrived.shift()
        if (first) resolve(first)
        else if (ending === undefined) waiting.push({ resolve, reject })
        else reject(failure())
      }),
    ask(path, request) {
      client.send(path, request)
      return client.next()
    },
    over,
    get isOpen() {
      return ending === undefined
    },
  }
  return client
}
