import { isSettled, startProgram, type Program } from '@lastcall/testing'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import t, { type Test } from 'tap'
import { example } from '#src/example.js'
import { skipWithoutNats as skip, startNats, type NatsServer } from '#src/start-nats.js'

const ten = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']

t.test('SIGTERM: the order in hand is acknowledged, and the others are given back', { skip }, async (t) => {
  const nats = await startNats(t)
  const consumer = await startConsumer(t, nats)
  await addOrders(nats, ten, 200)
  await consumer.line('order 3 begins')
  consumer.signal('SIGTERM')
  const { code, lines, report } = await consumer.ended
  t.equal(code, 0)
  t.match(report, { reason: 'SIGTERM', verdict: 'clean' })
  t.equal(lines.at(-1), 'order 3 begins')

  // an hour before they would be delivered again
  const next = await startConsumer(t, nats)
  await next.line('order 10 begins')
  next.signal('SIGTERM')
  t.equal((await next.ended).code, 0)
  t.strictSame(await shipped(nats), ten)
})

t.test(
  'control: the orders of a consumer that SIGTERM ends are kept from the next one',
  { skip },
  async (t) => {
    const nats = await startNats(t)
    const consumer = await startConsumer(t, nats, { CONTROL: '1' })
    await addOrders(nats, ten, 200)
    await consumer.line('order 3 begins')
    consumer.signal('SIGTERM')
    t.equal((await consumer.ended).signal, 'SIGTERM')

    const next = await startConsumer(t, nats)
    await next.line('nothing to do')
    next.signal('SIGTERM')
    t.equal((await next.ended).code, 0)
    t.strictSame(await shipped(nats), ['1', '2'])
    const manager = await jetstreamManager(nats.client)
    t.match(await manager.consumers.info('orders', 'shipping'), { num_ack_pending: 8, num_pending: 0 })
  },
)

t.test('an order that takes longer than the drain is given back, and shipped once', { skip }, async (t) => {
  const nats = await startNats(t)
  const consumer = await startConsumer(t, nats, { LASTCALL_GRACE_PERIOD_MS: '2000' })
  await addOrders(nats, ['1'], 4_000)
  await consumer.line('order 1 begins')
  consumer.signal('SIGTERM')
  const { code, report } = await consumer.ended
  t.equal(code, 0)
  t.match(report, { verdict: 'clean' })
  t.strictSame(await shipped(nats), [])

  const next = await startConsumer(t, nats)
  await next.line('order 1 begins')
  next.signal('SIGTERM')
  t.equal((await next.ended).code, 0)
  t.strictSame(await shipped(nats), ['1'])
})

t.test(
  'NATS has died: the consumer ends all the same, and says what it could not finish',
  { skip },
  async (t) => {
    const nats = await startNats(t)
    const consumer = await startConsumer(t, nats, { LASTCALL_GRACE_PERIOD_MS: '2000' })
    await addOrders(nats, ['1'], 100)
    await consumer.line('order 1 begins')
    await nats.kill()
    const control = nats.client.drain()
    consumer.signal('SIGTERM')
    const { code, report } = await consumer.ended
    t.equal(code, 1)
    t.match(report, { verdict: 'forced', participants: { items: [{ name: 'nats' }, { name: 'consumer' }] } })
    t.notOk(await isSettled(control), 'control: to drain a connection alone waits for ever')
  },
)

async function startConsumer(
  t: Test,
  nats: NatsServer,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const consumer = startProgram(t, [example('nats/consumer.js')], {
    // nothing is delivered again because time has passed
    env: { NATS_URL: nats.url, ACK_WAIT_MS: '3600000', ...env },
  })
  await consumer.line('ready')
  return consumer
}

async function addOrders({ client }: NatsServer, ids: readonly string[], ms: number): Promise<void> {
  const streams = jetstream(client)
  for (const id of ids) await streams.publish('orders', JSON.stringify({ id, ms }))
}

/** In order, each as often as it was. */
async function shipped({ client }: NatsServer): Promise<string[]> {
  const manager = await jetstreamManager(client)
  const { messages } = (await manager.streams.info('shipped')).state
  const all = Array.from({ length: messages }, (_, index) =>
    manager.streams.getMessage('shipped', { seq: index + 1 }),
  )
  return (await Promise.all(all)).map((message) => message?.string() ?? '')
}
