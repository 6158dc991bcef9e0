import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createDesk } from './desk.js'

/** What an app answers, in the words of no framework. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | Readable
}

export interface Request {
  readonly method: string
  /** With its query. */
  readonly url: string
  readonly body: Readable
}

/** How an app begins its shutdown, and how its own code closes it. */
export interface Stop {
  begin(): void
  close(): void
}

const bigBody = Buffer.alloc(24 * 1024 * 1024, 'last call ')

/** Nothing is printed about these: they are asked for thousands of times. */
const busy = new Set(['/', '/echo', '/ignore'])

/** The agreed routes, for any framework. */
export function createRoutes(stop: Stop): (request: Request) => Promise<Answer> {
  const desk = createDesk()

  const routes: Record<string, (request: Request, query: URLSearchParams) => Answer | Promise<Answer>> = {
    '/': () => ({ body: 'hello' }),
    '/echo': async ({ body }) => ({ body: await buffer(body) }),
    // the common case: a handler that never looks at the body
    '/ignore': () => ({ body: 'ignored' }),
    '/upload': async ({ body }) => ({ body: `received ${await lengthOf(body)}` }),
    '/held': async (_request, query) => {
      await desk.told(query.get('id') ?? '')
      const status = Number(query.get('status') ?? 200)
      return status === 204 || status === 304 ? { status } : { status, body: `held ${query.get('id')}` }
    },
    '/slow-body': () => ({ body: bigBody }),
    '/stream': (_request, query) => ({ body: Readable.from(inTwoParts(desk.told(query.get('id') ?? ''))) }),
    '/events': () => ({
      headers: { 'Content-Type': 'text/event-stream' },
      body: Readable.from(oneEvent()),
    }),
    '/hang': () => new Promise<never>(() => {}),
    '/begin': async (_request, query) => {
      stop.begin()
      await desk.told(query.get('id') ?? '')
      return { body: 'begun' }
    },
    '/close': () => {
      stop.close()
      return { body: 'closing' }
    },
  }

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost')
    if (!busy.has(pathname)) console.log(`handling ${request.method} ${request.url}`)
    return (await routes[pathname]?.(request, searchParams)) ?? { status: 404 }
  }
}

async function lengthOf(body: Readable): Promise<number> {
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) length += chunk.length
  return length
}

/** And none for ever after. */
async function* oneEvent(): AsyncGenerator<string> {
  yield 'data: hello\n\n'
  await new Promise<never>(() => {})
}

async function* inTwoParts(told: Promise<void>): AsyncGenerator<string> {
  yield 'first '
  await told
  yield 'last'
}
