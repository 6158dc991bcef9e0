import type { Server } from 'node:http'
import { tieClose } from '@lastcall/core/http'
import t, { type Test } from 'tap'
import { inHand, serve, type Served } from './serve.js'

/** A framework with hooks: they run one after the other, and then the server closes. */
interface Framework {
  readonly hooks: (() => unknown)[]
  close(): Promise<void>
}

function createFramework(server: Server): Framework {
  const hooks: Framework['hooks'] = []
  return {
    hooks,
    async close() {
      for (const hook of hooks) await hook()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface App {
  readonly served: Served
  readonly framework: Framework
  /** Everything that happened, in order. */
  readonly events: string[]
  readonly exchanges: ReturnType<typeof inHand>
}

/** An app whose hook uses a pool, and a framework that is tied, or a participant like any other. */
async function start(t: Test, { tied = true } = {}): Promise<App> {
  const exchanges = inHand()
  const served = await serve(t, exchanges.handler, { options: { lameDuck: false, lastCall: false } })
  const { server, shutdown } = served
  const framework = createFramework(server)
  const events: string[] = []
  if (tied) {
    const { first, last } = tieClose(shutdown, 'framework', () => framework.close())
    framework.hooks.push(first, () => events.push('hook'), last)
  } else {
    shutdown.register('framework', () => framework.close())
    framework.hooks.push(() => events.push('hook'))
  }
  shutdown.register('pool', () => events.push('pool'))
  return { served, framework, events, exchanges }
}

/** A request in hand, which is answered when `close` has been asked for. */
async function closeWithOneInHand({ served, exchanges, events }: App, close: () => Promise<unknown>) {
  const client = await served.connect()
  client.send('/')
  const { res } = await exchanges.next()
  res.on('close', () => events.push('answered'))
  const closed = close()
  await served.phase('draining')
  res.end('held')
  t.equal((await client.next()).body, 'held')
  await closed
}

t.test(
  'a shutdown runs the hooks of the app when nothing is in flight, and releases after them',
  async (t) => {
    const app = await start(t)
    await closeWithOneInHand(app, () => app.served.shutdown.begin('the test'))
    t.strictSame(app.events, ['answered', 'hook', 'pool'])
  },
)

t.test("the app's own close does the same, and returns when everything is released", async (t) => {
  const app = await start(t)
  await closeWithOneInHand(app, () => app.framework.close())
  t.strictSame(app.events, ['answered', 'hook', 'pool'])
})

t.test('control: in the order of registration the hook finds the pool closed', async (t) => {
  const app = await start(t, { tied: false })
  await closeWithOneInHand(app, () => app.served.shutdown.begin('the test'))
  t.strictSame(app.events, ['answered', 'pool', 'hook'])
})

t.test('control: a close that is not tied runs the hook in the middle of a request', async (t) => {
  const app = await start(t, { tied: false })
  const client = await app.served.connect()
  client.send('/')
  const { res } = await app.exchanges.next()
  const closed = app.framework.close()
  t.strictSame(app.events, ['hook'])
  res.end('held')
  await client.next()
  client.socket.destroy()
  await closed
})
