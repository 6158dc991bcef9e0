import type { AddressInfo } from 'node:net'
import lastcall from '@lastcall/express'
import express from 'express'

const app = express()
app.use(lastcall(), express.json())
app.post('/', (req, res) => void res.json(req.body))
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on :${(server.address() as AddressInfo).port}`)
})
