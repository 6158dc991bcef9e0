const { createServer } = require('node:http')
const { createShutdown } = require('@lastcall/core')
const { drainServer } = require('@lastcall/core/http')

const server = createServer((req, res) => req.pipe(res))
drainServer(server, createShutdown())
server.listen(0, '127.0.0.1', () => console.log(`listening on :${server.address().port}`))
