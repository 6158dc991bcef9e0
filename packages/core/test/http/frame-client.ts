import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { Test } from 'tap'

/** A frame that the server sent (RFC 9113, section 4.1). */
export interface Frame {
  readonly type: string
  readonly flags: number
  readonly stream: number
  readonly length: number
  /** Of a GOAWAY: the last stream that it promises to serve. */
  readonly lastStream?: number
  /** Of a GOAWAY or RST_STREAM. */
  readonly code?: number
}

/** One HTTP/2 connection that hides nothing and obeys nobody: it asks for streams whatever GOAWAY it got. */
export interface FrameClient {
  readonly socket: Socket
  /** All frames so far, in order. */
  readonly frames: readonly Frame[]
  /** Opens a stream and returns its id; its body is kept open on demand. */
  ask(path: string, options?: { readonly method?: 'GET' | 'POST'; readonly open?: boolean }): number
  /** The next frame of this type, and of this stream if given, past or to come. Each is returned once. */
  next(type: string, stream?: number): Promise<Frame>
  /** Answers the newest ping. */
  acknowledge(): void
  ping(): void
  /** Cancels a stream. */
  reset(stream: number): void
  /** Says goodbye. */
  goaway(): void
  /** Settles when the server has ended its side: how. */
  readonly over: Promise<'FIN' | 'reset'>
}

export interface FramesOptions {
  readonly tls?: boolean
  /** Answers pings by itself. @default true */
  readonly acknowledges?: boolean
  /** Says nothing, not even the preface of the protocol. */
  readonly silent?: boolean
  /** Keeps its side open after the server has closed its own. */
  readonly allowHalfOpen?: boolean
}

const types = 'DATA HEADERS PRIORITY RST_STREAM SETTINGS PUSH_PROMISE PING GOAWAY WINDOW_UPDATE'.split(' ')
const highest = 2 ** 31 - 1
const empty: Buffer = Buffer.alloc(0)

export async function connectFrames(
  t: Test,
  port: number,
  options: FramesOptions = {},
): Promise<FrameClient> {
  const { tls = false, acknowledges = true, silent = false, allowHalfOpen = false } = options
  const where = { port, host: '127.0.0.1', allowHalfOpen, rejectUnauthorized: false, ALPNProtocols: ['h2'] }
  const socket: Socket = tls ? connectSecurely(where) : connect(where)
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  const frames: Frame[] = []
  const unclaimed: Frame[] = []
  const waiting = new Set<() => void>()
  let data: Buffer = Buffer.alloc(0)
  let pinged: Buffer = Buffer.alloc(8)
  let newest = -1

  const send = (type: string, { flags = 0, stream = 0, payload = empty } = {}): void => {
    const head = Buffer.alloc(9)
    head.writeUIntBE(payload.length, 0, 3)
    head.writeUInt8(types.indexOf(type), 3)
    head.writeUInt8(flags, 4)
    head.writeUInt32BE(stream, 5)
    socket.write(Buffer.concat([head, payload]))
  }
  const acknowledge = (): void => send('PING', { flags: 1, payload: pinged })

  const read = (type: string, flags: number, stream: number, payload: Buffer): void => {
    const frame: Frame = {
      type,
      flags,
      stream,
      length: payload.length,
      ...(type === 'GOAWAY' ? { lastStream: payload.readUInt32BE(0), code: payload.readUInt32BE(4) } : {}),
      ...(type === 'RST_STREAM' ? { code: payload.readUInt32BE(0) } : {}),
    }
    frames.push(frame)
    unclaimed.push(frame)
    if (silent) return
    if (type === 'SETTINGS' && flags === 0) send('SETTINGS', { flags: 1 })
    if (type === 'PING' && flags === 0) {
      pinged = payload
      if (acknowledges) acknowledge()
    }
    // as clients do that read: the windows are wide open all the same
    if (type === 'DATA' && payload.length > 0)
      send('WINDOW_UPDATE', { stream: 0, payload: Buffer.from([0, 0, 0, 1]) })
  }
  socket.on('data', (chunk: Buffer) => {
    data = Buffer.concat([data, chunk])
    let at = 0
    while (data.length >= at + 9 && data.length >= at + 9 + data.readUIntBE(at, 3)) {
      const end = at + 9 + data.readUIntBE(at, 3)
      const type = types[data.readUInt8(at + 3)] ?? 'unknown'
      read(type, data.readUInt8(at + 4), data.readUInt32BE(at + 5), data.subarray(at + 9, end))
      at = end
    }
    data = data.subarray(at)
    for (const look of waiting) look()
  })
  const over = new Promise<'FIN' | 'reset'>((resolve) => {
    socket.once('end', () => resolve('FIN')).once('error', () => resolve('reset'))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once(tls ? 'secureConnect' : 'connect', resolve).once('error', reject)
  })
  if (!silent) {
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    // INITIAL_WINDOW_SIZE, and the same for the connection
    const window = Buffer.alloc(6)
    window.writeUInt16BE(4, 0)
    window.writeUInt32BE(highest, 2)
    send('SETTINGS', { payload: window })
    const more = Buffer.alloc(4)
    more.writeUInt32BE(highest - 65_535)
    send('WINDOW_UPDATE', { payload: more })
  }
  return {
    socket,
    frames,
    ask(path, { method = 'GET', open = false } = {}) {
      newest += 2
      // HPACK without compression (RFC 7541, appendix A)
      const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)])
      const payload = Buffer.concat([
        Buffer.from([method === 'GET' ? 0x82 : 0x83, tls ? 0x87 : 0x86, 0x04]),
        text(path),
        Buffer.from([0x01]),
        text('localhost'),
      ])
      send('HEADERS', { flags: open ? 0x4 : 0x5, stream: newest, payload })
      return newest
    },
    next: (type, stream) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const index = unclaimed.findIndex(
            (frame) => frame.type === type && (stream === undefined || frame.stream === stream),
          )
          const [frame] = index === -1 ? [] : unclaimed.splice(index, 1)
          if (!frame) return
          waiting.delete(look)
          resolve(frame)
        }
        waiting.add(look)
        look()
        socket.once('close', () => reject(new Error(`closed before a ${type} came`)))
      }),
    acknowledge,
    ping: () => send('PING', { payload: Buffer.from('are you?') }),
    reset: (stream) => send('RST_STREAM', { stream, payload: Buffer.from([0, 0, 0, 8]) }),
    goaway: () => send('GOAWAY', { payload: Buffer.alloc(8) }),
    over,
  }
}
