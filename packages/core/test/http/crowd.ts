import { setMaxListeners } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as think } from 'node:timers/promises'
import { seeded } from '@lastcall/testing'

/** What happened to the requests of a crowd, counted where it matters: at the clients. */
export interface Tally {
  answered: number
  /** Answered 5xx. */
  unavailable: number
  /** No connection: nothing was sent, and the client went to the next server. */
  refused: number
  /** Answers that said `Connection: close`, by each server. */
  told: number[]
  /** Sent and not answered: why. */
  lost: string[]
}

export interface Crowd {
  readonly tally: Tally
  /** Settles when every client has been answered so often, by the first server or by the one it went on to. */
  answeredEach(times: number, server: 'first' | 'next'): Promise<void>
  /** Every client finishes its request in hand. */
  stop(): Promise<Tally>
}

export interface CrowdOptions {
  /** Of the server, and of those that a refused client goes on to, in order. */
  readonly ports: readonly number[]
  readonly clients: number
  /** How long a client thinks between an answer and its next request, in ms: from, to. */
  readonly thinkMs: readonly [number, number]
  readonly seed: number
}

const requests = [
  { method: 'GET', path: '/' },
  { method: 'POST', path: '/ignore', body: 'x'.repeat(200) },
  { method: 'POST', path: '/orders', body: 'y'.repeat(200) },
] as const

/**
 * Strict keep-alive clients: each has one connection, one request at a time, GET and POST in turn, and never retries
 * what it has sent.
 */
export function startCrowd({ ports, clients, thinkMs, seed }: CrowdOptions): Crowd {
  const tally: Tally = { answered: 0, unavailable: 0, refused: 0, told: ports.map(() => 0), lost: [] }
  const answers = Array.from({ length: clients }, () => ({ first: 0, next: 0 }))
  const waiting = new Set<() => void>()
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)

  const live = async (id: number): Promise<void> => {
    const random = seeded(seed * 1_000 + id)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const [from, to] = thinkMs
    let server = 0
    for (let turn = id; !stopping.signal.aborted;) {
      const outcome = await ask(agent, ports[server] ?? 0, requests[turn % requests.length] ?? requests[0])
      if (outcome.error === 'ECONNREFUSED' && server + 1 < ports.length) {
        tally.refused += 1
        server += 1
        continue
      }
      turn += 1
      if (outcome.error !== undefined) tally.lost.push(outcome.error)
      else if (outcome.status >= 500) tally.unavailable += 1
      else tally.answered += 1
      if (outcome.told) tally.told[server] = (tally.told[server] ?? 0) + 1
      const own = answers[id]
      if (own) own[server === 0 ? 'first' : 'next'] += 1
      for (const look of [...waiting]) look()
      await think(from + random() * (to - from), undefined, { signal: stopping.signal }).catch(() => {})
    }
    agent.destroy()
  }

  const lives = Promise.all(answers.map((_, id) => live(id)))
  return {
    tally,
    answeredEach: (times, server) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!answers.every((own) => own[server] >= times)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    async stop() {
      stopping.abort()
      await lives
      return tally
    },
  }
}

interface Outcome {
  readonly status: number
  readonly told: boolean
  readonly error: string | undefined
}

function ask(
  agent: Agent,
  port: number,
  { method, path, ...rest }: (typeof requests)[number],
): Promise<Outcome> {
  return new Promise((resolve) => {
    const failed = ({ code, message }: NodeJS.ErrnoException): void =>
      resolve({ status: 0, told: false, error: code ?? message })
    const body = 'body' in rest ? rest.body : undefined
    const headers = body === undefined ? {} : { 'Content-Length': body.length }
    request({ agent, port, host: '127.0.0.1', method, path, headers }, (res) => {
      res.on('error', failed).resume()
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          told: res.headers.connection === 'close',
          error: undefined,
        }),
      )
    })
      .on('error', failed)
      .end(body)
  })
}
