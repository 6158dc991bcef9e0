// Clients in a process of their own, so that they do not share the event loop of the others.
import type { Target } from 'lastcall/drill'
import { openIdleCrowd } from './idle-crowd.js'

export interface CrowdOrder {
  readonly target: Target
  readonly path: string
  readonly size: number
}

const order = JSON.parse(process.argv[2] ?? '') as CrowdOrder
// whoever started it has gone
process.once('disconnect', () => process.exit())
const crowd = await openIdleCrowd(order.target, order.path, order.size)
process.send?.('open')
process.send?.(await crowd.closed, () => process.disconnect())
