import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Target } from 'lastcall/drill'
import { answerLength } from './answer-length.js'

/** Keep-alive connections on which requests are sent, each as soon as the one before it is answered. */
export interface Load {
  /** Exactly this many, over all connections. Rejects when one is not answered with 200. */
  run(requests: number): Promise<void>
  close(): void
}

/** It does no more than it must: the less of a processor it takes, the more there is for what is measured. */
export async function openLoad({ host, port }: Target, path: string, connections: number): Promise<Load> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ host, port, noDelay: true })
      await once(socket, 'connect')
      return socket
    }),
  )
  let left = 0
  let asking = 0
  let done = (): void => {}
  let fail: (error: Error) => void = () => {}

  const ask = (socket: Socket): void => {
    if (left === 0) {
      asking -= 1
      if (asking === 0) done()
      return
    }
    left -= 1
    socket.write(request)
  }

  for (const socket of sockets) {
    let length = 0
    let first = ''
    let received = 0
    socket.on('data', (chunk: Buffer) => {
      if (length === 0) {
        first += chunk.toString('latin1')
        length = answerLength(first) ?? 0
      }
      // the status is where it always is; the length of all others is that of the first
      if (received === 0 && chunk[9] !== successDigit) fail(new Error(chunk.toString('latin1')))
      received += chunk.length
      if (length === 0 || received < length) return
      if (received > length) return fail(new Error(`${received} bytes instead of ${length}`))
      received = 0
      ask(socket)
    })
    socket.on('error', (error) => fail(error))
    socket.on('end', () => fail(new Error('the app has closed a connection')))
  }

  return {
    run(requests) {
      left = requests
      asking = sockets.length
      return new Promise((resolve, reject) => {
        done = resolve
        fail = reject
        for (const socket of sockets) ask(socket)
      })
    },
    close() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

const successDigit = '2'.charCodeAt(0)
