import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

/** Longer than any balancer keeps an idle connection: closing it first would lose requests without any restart. */
export const keepAliveTimeoutMs = 72_000

/** As long as a query to a database near by. */
export const work = (): Promise<void> => setTimeout(1 + Math.random() * 4)

/** GET answers the latest order; POST reads one and answers when it is stored. What is asked for at once is two letters. */
export async function handleOrders(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url === '/orders/ok') {
    res.end('ok')
    return
  }
  const order: unknown = req.method === 'POST' ? JSON.parse(await text(req)) : undefined
  await work()
  res.writeHead(order === undefined ? 200 : 201, { 'content-type': 'application/json' })
  res.end(JSON.stringify(order ?? { latest: 'espresso' }))
}
