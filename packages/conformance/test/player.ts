import type { App } from '@lastcall/conformance'
import { requestText, type Ending } from '@lastcall/testing'
import type { RawClient } from '#src/raw-client.js'
import type { RawResponse } from '#src/response-parser.js'
import type { Kind, Schedule, Step } from './schedule.js'

/** What is known of one request, in ms on the player's clock. */
export interface Sent {
  readonly id: string
  readonly kind: Kind
  readonly body: string
  /** Requests that the server reads at once have one number. */
  readonly piece: number
  readonly firstAt: number
  /** All of its head had been written. */
  headAt: number
  lastAt: number
  /** Another client's held request kept draining when the last byte was written. */
  kept: boolean
  /** When the handler was told to answer. */
  releasedAt: number
  response: RawResponse | undefined
}

/** What is known of one client's connection. */
export interface Life {
  readonly id: number
  readonly connectedAt: number
  /** The code of the error where there was no connection. */
  readonly refused: string | undefined
  readonly sent: Sent[]
  aborted: boolean
  told: boolean
  ending: Ending | undefined
  /** Why there was no further response. */
  error: string | undefined
}

export interface Played {
  readonly signalAt: number
  readonly lives: readonly Life[]
}

interface Player extends Life {
  readonly raw: RawClient | undefined
  half: { readonly sent: Sent; rest: string; written: number; readonly headLength: number } | undefined
  /** Who waits for a response, or the end. */
  look: () => void
}

const now = (): number => performance.now()

/** Plays a schedule, as clients that leave when they are told to; settles when every connection is over. */
export async function play(app: App, { before, after, stalls }: Schedule): Promise<Played> {
  const players = new Map<number, Player>()
  const all: Player[] = []
  let pieces = 0
  let ids = 0
  let blocks = 0
  let signalAt = Infinity

  const connect = async (id: number): Promise<Player> => {
    const open = players.get(id)
    // whoever was told, or refused, or has left, comes back
    if (open?.raw && open.ending === undefined && !open.told && !open.aborted) return open
    const connectedAt = now()
    let refused: string | undefined
    const raw = await app.connect().catch((error: NodeJS.ErrnoException) => {
      refused = error.code ?? error.message
      return undefined
    })
    const player: Player = {
      id,
      connectedAt,
      refused,
      raw,
      sent: [],
      aborted: false,
      told: false,
      ending: undefined,
      error: undefined,
      half: undefined,
      look() {},
    }
    players.set(id, player)
    all.push(player)
    if (raw) listen(player, raw)
    return player
  }

  const listen = (player: Player, raw: RawClient): void => {
    void raw.over.then((ending) => {
      player.ending = ending
      player.look()
    })
    const readOn = async (): Promise<void> => {
      for (;;) {
        const response = await raw.next()
        const request = player.sent.find((sent) => sent.response === undefined)
        if (request) request.response = response
        if (response.headers['connection'] === 'close') player.told = true
        player.look()
      }
    }
    readOn().catch((error: Error) => {
      player.error = error.message
      player.look()
    })
  }

  const newRequest = (kind: Kind, piece: number): { sent: Sent; text: string; method: string } => {
    const id = `r${(ids += 1)}`
    const { method, path, length } = {
      get: { method: 'GET', path: '/', length: 0 },
      head: { method: 'HEAD', path: '/', length: 0 },
      post: { method: 'POST', path: `/upload?id=${id}`, length: 200 },
      ignored: { method: 'POST', path: '/ignore', length: 200_000 },
      held: { method: 'GET', path: `/held?id=${id}`, length: 0 },
    }[kind]
    const body = 'x'.repeat(length)
    const text = requestText(path, length > 0 ? { body } : { method })
    const sent: Sent = {
      id,
      kind,
      body,
      piece,
      firstAt: now(),
      headAt: Infinity,
      lastAt: Infinity,
      kept: false,
      releasedAt: kind === 'held' ? Infinity : -Infinity,
      response: undefined,
    }
    return { sent, text, method }
  }

  /** Settles when the kernel has it; never, but at once, when the connection is gone. */
  const write = (raw: RawClient, text: string): Promise<void> =>
    new Promise((resolve) => (raw.socket.writable ? raw.socket.write(text, () => resolve()) : resolve()))

  const isKept = (by: Player): boolean =>
    all.some(
      (other) =>
        other !== by &&
        !other.aborted &&
        other.ending === undefined &&
        other.sent.some(
          (sent) => sent.kind === 'held' && sent.lastAt < signalAt && sent.releasedAt === Infinity,
        ),
    )

  const send = async (id: number, kinds: readonly Kind[]): Promise<void> => {
    const player = await connect(id)
    if (!player.raw || player.half) return
    pieces += 1
    const requests = kinds.map((kind, index) => {
      // what follows a body of 200 KB comes with another read
      if (kinds[index - 1] === 'ignored') pieces += 1
      return newRequest(kind, pieces)
    })
    for (const { sent, method } of requests) {
      player.raw.write('', method)
      player.sent.push(sent)
    }
    const written = write(player.raw, requests.map(({ text }) => text).join(''))
    const kept = isKept(player)
    await written
    for (const { sent } of requests) Object.assign(sent, { headAt: now(), lastAt: now(), kept })
  }

  const half = async (id: number, kind: Kind, part: number): Promise<void> => {
    const player = await connect(id)
    if (!player.raw || player.half) return
    const { sent, text, method } = newRequest(kind, (pieces += 1))
    const cut = Math.min(text.length - 1, Math.max(1, Math.floor((text.length * part) / 1_000)))
    const headLength = text.indexOf('\r\n\r\n') + 4
    player.raw.write('', method)
    player.sent.push(sent)
    player.half = { sent, rest: text.slice(cut), written: cut, headLength }
    await write(player.raw, text.slice(0, cut))
    if (cut >= headLength) sent.headAt = now()
  }

  const finish = async (player: Player | undefined): Promise<void> => {
    if (!player?.half || !player.raw || player.aborted) return
    const { sent, rest } = player.half
    player.half = undefined
    // a client that is told while it sends is heard to the end; one whose connection has ended gives up
    if (player.ending !== undefined) return
    const kept = isKept(player)
    await write(player.raw, rest)
    sent.headAt = Math.min(sent.headAt, now())
    Object.assign(sent, { lastAt: now(), kept })
  }

  const answer = (player: Player | undefined): void => {
    const held = player?.sent.find(({ releasedAt, lastAt }) => releasedAt === Infinity && lastAt !== Infinity)
    if (!held) return
    held.releasedAt = now()
    app.tell(`answer ${held.id}`)
  }

  /** What can come has come. */
  const settled = (player: Player | undefined): Promise<void> =>
    new Promise((resolve) => {
      if (!player?.raw) return resolve()
      player.look = () => {
        const open = player.sent.find(({ response }) => response === undefined)
        const comes = open !== undefined && open.lastAt !== Infinity && open.releasedAt !== Infinity
        if (!comes || player.ending !== undefined || player.aborted) resolve()
      }
      player.look()
    })

  const signal = (): void => {
    signalAt = now()
    app.signal()
  }

  const block = async (ms: number): Promise<void> => {
    // each says something else, so that its line is known
    const length = `${ms}.${(blocks += 1)}`
    app.tell(`block ${length}`)
    await app.line(`blocking ${length}`).catch(() => {})
  }

  const perform = async (step: Step): Promise<void> => {
    switch (step.do) {
      case 'connect':
        return void (await connect(step.client))
      case 'send':
        return send(step.client, step.kinds)
      case 'half':
        return half(step.client, step.kind, step.part)
      case 'finish':
        return finish(players.get(step.client))
      case 'answer':
        return answer(players.get(step.client))
      case 'await':
        return settled(players.get(step.client))
      case 'abort': {
        const player = players.get(step.client)
        if (player) player.aborted = true
        player?.raw?.socket.destroy()
        return player?.look()
      }
      case 'phase':
        // the process may be over before
        return app.phase(step.phase).catch(() => {})
      case 'block':
        return block(step.ms)
      default:
        return step satisfies never
    }
  }

  for (const step of before) await perform(step)
  signal()
  for (const step of after) await perform(step)
  if (!stalls) for (const player of all) await finish(player)
  for (const player of all)
    while (player.sent.some(({ releasedAt, lastAt }) => releasedAt === Infinity && lastAt !== Infinity))
      answer(player)
  await Promise.all(all.flatMap(({ raw, aborted }) => (raw && !aborted ? [raw.over] : [])))
  return { signalAt, lives: all }
}
