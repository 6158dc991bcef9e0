import { once } from 'node:events'
import { createSecureServer, type Http2ServerResponse, type ServerHttp2Stream } from 'node:http2'
import { createCertificate } from '@lastcall/testing'
import t, { type Test } from 'tap'
import { serveSessions, streamsInHand } from './serve-sessions.js'

t.jobs = 2

const tls = createCertificate()
const cancelled = 8

interface Abandoning {
  readonly gracePeriodMs?: number
  readonly api?: 'request' | 'stream'
  readonly secure?: boolean
  /** The client resets its stream, or its connection is gone. */
  readonly leaves?: 'stream' | 'connection'
  readonly when?: 'in draining' | 'before'
}

/** Draining, with a handler at work whose client has left. */
async function abandoned(t: Test, how: Abandoning = {}) {
  const { gracePeriodMs = 30_000, api = 'request', leaves = 'stream', when = 'in draining' } = how
  const hand = streamsInHand()
  const served = await serveSessions(t, {
    options: { gracePeriodMs },
    [api]: hand[api],
    ...(how.secure ? { server: createSecureServer(tls) } : {}),
  })
  const released: string[] = []
  served.shutdown.register('pool', () => void released.push('pool'))
  const client = await served.connect()
  const asked = client.request({ ':path': '/transfer', ':method': 'POST' })
  asked.on('error', () => {})
  asked.end('100')
  const res = api === 'request' ? await hand.nextResponse() : undefined
  const stream = res ? res.stream : await hand.nextStream()
  stream.on('error', () => {})
  const leave = async (): Promise<void> => {
    const closed = once(stream, 'close')
    if (leaves === 'stream') asked.close(cancelled)
    else client.destroy()
    await closed
  }
  if (when === 'before') await leave()
  const report = served.close()
  await served.phase('draining')
  if (when !== 'before') await leave()
  // time enough to go on to releasing
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  return { served, res, stream, report, released }
}

const responses: Record<string, (res: Http2ServerResponse) => unknown> = {
  'end(text)': (res) => res.end('transferred'),
  'end()': (res) => res.end(),
  'writeHead and end': (res) => res.writeHead(204).end(),
  write: (res) => res.write('transferred'),
}

for (const [name, answer] of Object.entries(responses)) {
  t.test(`a handler whose client has left is waited for, until its ${name}`, async (t) => {
    const { served, res, report, released } = await abandoned(t)
    t.equal(served.shutdown.phase, 'draining')
    t.strictSame(released, [])
    if (res) answer(res)
    t.match(await report, { verdict: 'clean', cut: { count: 0 } })
    t.strictSame(released, ['pool'])
  })
}

const streams: Record<string, (stream: ServerHttp2Stream) => unknown> = {
  respond: (stream) => stream.respond({ ':status': 204 }),
  end: (stream) => stream.end('transferred'),
  close: (stream) => stream.close(),
  destroy: (stream) => stream.destroy(),
}

for (const [name, answer] of Object.entries(streams)) {
  t.test(`so is one without the compatibility API, until its ${name}`, async (t) => {
    const { served, stream, report, released } = await abandoned(t, { api: 'stream' })
    t.equal(served.shutdown.phase, 'draining')
    t.strictSame(released, [])
    try {
      answer(stream)
    } catch (error) {
      // Node's own
      t.match(error, { code: 'ERR_HTTP2_INVALID_STREAM' })
    }
    t.match(await report, { verdict: 'clean', cut: { count: 0 } })
  })
}

for (const secure of [false, true])
  for (const leaves of ['stream', 'connection'] as const)
    for (const when of ['in draining', 'before'] as const) {
      const what = `${leaves === 'stream' ? 'resets its stream' : 'is gone'} ${when === 'before' ? 'before the shutdown' : when}`
      t.test(`it makes no difference that the client ${what}, over ${secure ? 'TLS' : 'h2c'}`, async (t) => {
        const { served, res, report } = await abandoned(t, { secure, leaves, when })
        t.equal(served.shutdown.phase, 'draining')
        res?.end()
        t.match(await report, { verdict: 'clean', cut: { count: 0 } })
      })
    }

for (const secure of [false, true])
  for (const api of ['request', 'stream'] as const)
    t.test(
      `nor that it resets it at once, for listeners of '${api}', over ${secure ? 'TLS' : 'h2c'}`,
      async (t) => {
        const hand = streamsInHand()
        const server = secure ? { server: createSecureServer(tls) } : {}
        const served = await serveSessions(t, {
          options: { gracePeriodMs: 30_000 },
          [api]: hand[api],
          ...server,
        })
        const client = await served.frames()
        client.socket.cork()
        client.reset(client.ask('/'))
        client.socket.uncork()
        const handled = api === 'request' ? await hand.nextResponse() : await hand.nextStream()
        const report = served.close()
        await served.phase('draining')
        for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
        t.equal(served.shutdown.phase, 'draining')
        handled.end()
        const { verdict, tookMs } = await report
        t.equal(verdict, 'clean')
        t.ok(tookMs < 4_000, `took ${tookMs} ms`)
      },
    )

t.test('a handler that still works at the deadline is named', async (t) => {
  const { report } = await abandoned(t, { gracePeriodMs: 1_000 })
  t.match(await report, {
    verdict: 'forced',
    cut: { count: 1, items: [{ method: 'POST', path: '/transfer', answered: false }] },
  })
})

t.test('one that never answers since nobody listens is given up long before a late deadline', async (t) => {
  const { report } = await abandoned(t, { gracePeriodMs: 300_000 })
  t.match(await report, { verdict: 'clean', cut: { count: 0 } })
})

const closes: Record<string, (stream: ServerHttp2Stream, res: Http2ServerResponse) => unknown> = {
  'closes its stream': (stream) => stream.close(cancelled),
  'destroys its stream': (stream) => stream.destroy(),
  'destroys its response': (_stream, res) => (res as unknown as { destroy(): void }).destroy(),
}

for (const [what, close] of Object.entries(closes)) {
  t.test(`a handler that ${what} itself has finished`, async (t) => {
    const hand = streamsInHand()
    const served = await serveSessions(t, { options: { gracePeriodMs: 300_000 }, request: hand.request })
    const client = await served.connect()
    client.request({ ':path': '/' }).on('error', () => {})
    const res = await hand.nextResponse()
    const report = served.close()
    await served.phase('draining')
    const since = performance.now()
    close(res.stream, res)
    t.match(await report, { verdict: 'clean', cut: { count: 0 } })
    t.ok(performance.now() - since < 4_000)
  })
}
