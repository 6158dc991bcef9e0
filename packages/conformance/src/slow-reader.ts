import { endStream } from '@lastcall/testing'
import type { App } from './app.js'
import { isHttp2 } from './subject.js'

/**
 * A client that has asked and reads nothing: what is sent to it waits with the kernel and with the server, since no
 * flow control of HTTP/2 holds it back.
 */
export async function slowReader(app: App, path: string): Promise<SlowReader> {
  if (!isHttp2(app.protocol)) {
    const client = await app.connect()
    client.socket.pause()
    client.send(path)
    return {
      async readOn() {
        client.socket.resume()
        return (await client.next()).body.length
      },
    }
  }
  const client = await app.frames()
  const stream = client.ask(path)
  await client.next('HEADERS', { stream })
  client.socket.pause()
  return {
    async readOn() {
      client.socket.resume()
      let length = 0
      for (;;) {
        const frame = await client.next('DATA', { stream }).catch((error: Error) => {
          throw new Error(`truncated after ${length} bytes`, { cause: error })
        })
        length += frame.length
        if ((frame.flags & endStream) !== 0) return length
      }
    },
  }
}

export interface SlowReader {
  /** How long the body was. Rejects when it was not whole. */
  readOn(): Promise<number>
}
