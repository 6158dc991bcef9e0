import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Target } from 'lastcall/drill'
import { answerLength } from '../cost/answer-length.js'

/** Connections on which one request was answered, and nothing more is asked. */
export interface IdleCrowd {
  /** When each was closed by the app, in ms on the machine's monotonic clock, when all are. */
  readonly closed: Promise<readonly number[]>
  destroy(): void
}

/** As many are opened at a time as a listener has room for in its queue. */
const atATime = 100

export async function openIdleCrowd(target: Target, path: string, size: number): Promise<IdleCrowd> {
  const sockets: Socket[] = []
  const closed: Promise<number>[] = []
  let left = size
  const openSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const socket = await open(target, path)
      sockets.push(socket)
      closed.push(whenClosed(socket))
    }
  }
  await Promise.all(Array.from({ length: atATime }, openSome))
  return {
    closed: Promise.all(closed),
    destroy() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function open({ host, port }: Target, path: string): Promise<Socket> {
  const socket = connect({ host, port })
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  let answer = ''
  while (answer.length < (answerLength(answer) ?? Infinity)) {
    // an error before the answer rejects it
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    answer += chunk.toString('latin1')
  }
  return socket
}

/** A FIN or a reset: which of the two is for others to count. */
function whenClosed(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    const note = (): void => resolve(monotonicNow())
    // what has come is seen only by who reads
    socket.once('end', note).once('error', note).resume()
  })
}

/** The same for all processes of a machine. */
export const monotonicNow = (): number => Number(process.hrtime.bigint()) / 1e6
