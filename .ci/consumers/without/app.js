const { createServer } = require('node:http')

const server = createServer((req, res) => req.pipe(res))
server.listen(0, '127.0.0.1', () => console.log(`listening on :${server.address().port}`))
