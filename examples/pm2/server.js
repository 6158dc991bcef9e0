// @ts-check
// A server that PM2 can reload at any time: no request is lost. PM2's signals and messages need no code here.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'

const server = createServer(async (req, res) => {
  for await (const _ of req);
  await setTimeout(20)
  res.end(`served by ${process.pid}\n`)
})

if (process.env.CONTROL === '1') {
  // What it can be compared with: the usual line, without Last Call.
  process.on('SIGINT', () => server.close(() => process.exit()))
} else {
  const { createShutdown } = await import('@lastcall/core')
  const { drainServer } = await import('@lastcall/core/http')
  drainServer(server, createShutdown())
}

server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(`listening on ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`)
  // PM2 waits for it; Last Call says it by itself.
  if (process.env.CONTROL === '1') process.send?.('ready')
})
