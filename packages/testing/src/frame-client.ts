import type { Socket } from 'node:net'
import { connectSocket, type ConnectOptions, type Ending } from './connect-socket.js'

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
  /** Opens a stream and returns its id; `open`: its body is still to come. */
  ask(path: string, options?: { readonly method?: 'GET' | 'POST'; readonly open?: boolean }): number
  /** The next frame that is looked for, past or to come. Each is returned once. */
  next(type: string, wanted?: Partial<Frame>): Promise<Frame>
  /** Answers the newest ping. */
  acknowledge(): void
  ping(): void
  /** Ends a stream early. @default code 8, CANCEL (RFC 9113, section 7) */
  reset(stream: number, code?: number): void
  /** Says goodbye. */
  goaway(): void
  /** How the server ended its side. */
  readonly over: Promise<Ending>
}

export interface FramesOptions extends ConnectOptions {
  /** Answers pings by itself. @default true */
  readonly acknowledges?: boolean
  /** Instead of what begins the protocol. */
  readonly says?: string
  /** Keeps its side open when the server has closed its own. */
  readonly stays?: boolean
}

export const endStream = 1
export const isAck = 1
const endHeaders = 4
/** The code of a stream that is wanted no more (RFC 9113, section 7). */
const cancel = 8
/** The highest id of a stream there is. */
export const everyStream: number = 2 ** 31 - 1

const empty: Buffer = Buffer.alloc(0)
const types = 'DATA HEADERS PRIORITY RST_STREAM SETTINGS PUSH_PROMISE PING GOAWAY WINDOW_UPDATE'.split(' ')

/** Says the preface of the protocol, and opens both flow-control windows as wide as they get. */
export async function connectFrames(options: FramesOptions): Promise<FrameClient> {
  const { tls = false, acknowledges = true, says, stays = false } = options
  const { socket, stands } = connectSocket(options, { allowHalfOpen: true, ALPNProtocols: ['h2'] })
  const frames: Frame[] = []
  const unclaimed: Frame[] = []
  const waiting = new Set<() => void>()
  let pinged: Buffer = Buffer.alloc(8)
  let newest = -1

  const send = (type: string, { flags = 0, stream = 0, payload = empty } = {}): void => {
    const head = Buffer.alloc(9)
    head.writeUIntBE(payload.length, 0, 3)
    head.writeUInt8(types.indexOf(type), 3)
    head.writeUInt8(flags, 4)
    head.writeUInt32BE(stream, 5)
    if (socket.writable) socket.write(Buffer.concat([head, payload]))
  }
  const acknowledge = (): void => send('PING', { flags: isAck, payload: pinged })

  const onFrame = (frame: Frame, payload: Buffer): void => {
    const { type, flags, length } = frame
    frames.push(frame)
    unclaimed.push(frame)
    if (says !== undefined) return
    if (type === 'SETTINGS' && flags === 0) send('SETTINGS', { flags: isAck })
    if (type === 'PING' && flags === 0) {
      // the payload goes with its chunk
      pinged = Buffer.from(payload)
      if (acknowledges) acknowledge()
    }
    // as clients do that read: the windows are wide open all the same
    if (type === 'DATA' && length > 0) send('WINDOW_UPDATE', { payload: uint32(1) })
  }
  const over = readFrames(socket, onFrame, () => {
    for (const look of waiting) look()
  })
  // whoever has been told does not stay
  if (!stays) void over.then(() => socket.end())
  await stands
  socket.write(says ?? 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  if (says === undefined) {
    send('SETTINGS', { payload: initialWindow(everyStream) })
    send('WINDOW_UPDATE', { payload: uint32(everyStream - 65_535) })
  }

  return {
    socket,
    frames,
    ask(path, { method = 'GET', open = false } = {}) {
      newest += 2
      const flags = open ? endHeaders : endHeaders | endStream
      send('HEADERS', { flags, stream: newest, payload: headers(method, path, tls) })
      return newest
    },
    next: (type, wanted = {}) =>
      new Promise((resolve, reject) => {
        const isWanted = (frame: Frame): boolean =>
          Object.entries({ ...wanted, type }).every(([key, value]) => frame[key as keyof Frame] === value)
        const look = (): void => {
          const index = unclaimed.findIndex(isWanted)
          const [frame] = index === -1 ? [] : unclaimed.splice(index, 1)
          if (!frame) return
          waiting.delete(look)
          resolve(frame)
        }
        waiting.add(look)
        look()
        void over.then((how) => reject(new Error(`${how} before a ${type} came`)))
      }),
    acknowledge,
    ping: () => send('PING', { payload: Buffer.from('are you?') }),
    reset: (stream, code = cancel) => send('RST_STREAM', { stream, payload: uint32(code) }),
    goaway: () => send('GOAWAY', { payload: Buffer.alloc(8) }),
    over,
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113, section 6.5.2). */
const initialWindow = (size: number): Buffer => Buffer.concat([Buffer.from([0, 4]), uint32(size)])

/** HPACK without compression (RFC 7541, appendix A). */
function headers(method: 'GET' | 'POST', path: string, tls: boolean): Buffer {
  const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)])
  return Buffer.concat([
    Buffer.from([method === 'GET' ? 0x82 : 0x83, tls ? 0x87 : 0x86, 0x04]),
    text(path),
    Buffer.from([0x01]),
    text('localhost'),
  ])
}

/** Takes what comes apart. Settles when the server has ended its side. */
function readFrames(
  socket: Socket,
  onFrame: (frame: Frame, payload: Buffer) => void,
  onRead: () => void,
): Promise<Ending> {
  let data: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    data = data.length === 0 ? chunk : Buffer.concat([data, chunk])
    let at = 0
    while (data.length >= at + 9 && data.length >= at + 9 + data.readUIntBE(at, 3)) {
      const length = data.readUIntBE(at, 3)
      const payload = data.subarray(at + 9, at + 9 + length)
      const type = types[data.readUInt8(at + 3)] ?? 'unknown'
      const frame = { type, flags: data.readUInt8(at + 4), stream: data.readUInt32BE(at + 5), length }
      onFrame({ ...frame, ...saidBy(type, payload) }, payload)
      at += 9 + length
    }
    data = data.subarray(at)
    onRead()
  })
  return new Promise((resolve) => {
    socket.once('end', () => resolve(data.length > 0 ? 'truncated' : 'FIN'))
    socket.once('error', () => resolve('reset'))
    socket.once('close', () => resolve('reset'))
  })
}

function saidBy(type: string, payload: Buffer): Pick<Frame, 'lastStream' | 'code'> {
  if (type === 'GOAWAY') return { lastStream: payload.readUInt32BE(0), code: payload.readUInt32BE(4) }
  return type === 'RST_STREAM' ? { code: payload.readUInt32BE(0) } : {}
}
