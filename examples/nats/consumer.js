// @ts-check
// Ships the orders of a stream of NATS JetStream. A restart ships none twice, and keeps none from the next consumer.
// Start it with `node consumer.js`, as often as you like, stop it with Ctrl-C or SIGTERM.
import { setTimeout } from 'node:timers/promises'
import { createShutdown } from '@lastcall/core'
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, nanos } from '@nats-io/transport-node'

const connection = await connect({
  servers: process.env.NATS_URL ?? '127.0.0.1:4222',
  maxReconnectAttempts: -1,
})
const streams = jetstream(connection)
const manager = await jetstreamManager(connection)
await manager.streams.add({ name: 'orders', subjects: ['orders'] })
await manager.streams.add({ name: 'shipped', subjects: ['shipped'] })
await manager.consumers.add('orders', {
  durable_name: 'shipping',
  ack_policy: AckPolicy.Explicit,
  // The messages of a consumer that was killed are delivered again after this time.
  ack_wait: nanos(Number(process.env.ACK_WAIT_MS ?? 30_000)),
})
const consumer = await streams.consumers.get('orders', 'shipping')

// CONTROL=1 is what the tests compare with: the same program, which SIGTERM ends as it ends any other.
const shutdown = createShutdown(process.env.CONTROL === '1' ? { signals: false } : {})
const fetching = new AbortController()
shutdown.register('nats', () => connection.drain())
shutdown.register('consumer', { onLameDuck: () => fetching.abort(), onDrain: () => consumed })

const consumed = consume()
shutdown.ready()
console.log('ready')

async function consume() {
  while (!fetching.signal.aborted) {
    try {
      // For a second at a time, and to its end: what is on its way when somebody stops listening is lost until `ack_wait`.
      const orders = await consumer.fetch({ max_messages: 10, expires: 1_000 })
      for await (const order of orders) {
        // What was not begun goes back: another consumer has it at once.
        if (fetching.signal.aborted) order.nak()
        else await ship(order)
      }
      if (orders.getProcessed() === 0) console.log('nothing to do')
    } catch (error) {
      // NATS is out of reach.
      console.error(error)
      await setTimeout(1_000, undefined, { signal: fetching.signal }).catch(() => {})
    }
  }
}

/** @param {import('@nats-io/jetstream').JsMsg} order */
async function ship(order) {
  /** @type {{ id: string, ms: number }} */
  const { id, ms } = order.json()
  console.log(`order ${id} begins`)
  try {
    // Can be given back as long as nothing is shipped.
    await setTimeout(ms, undefined, { signal: shutdown.cancelling })
    await streams.publish('shipped', id)
    // Waits for the answer: an acknowledgement that is lost means another delivery.
    await order.ackAck()
  } catch (error) {
    console.error(error)
    // To another consumer at once when time is up; later if it failed.
    order.nak(shutdown.cancelling.aborted ? 0 : 5_000)
  }
}
