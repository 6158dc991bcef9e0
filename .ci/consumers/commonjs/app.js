const { lastcall } = require('@lastcall/express')
const express = require('express')

const app = express()
app.use(lastcall(), express.json())
app.post('/', (req, res) => res.json(req.body))
const server = app.listen(0, '127.0.0.1', () => console.log(`listening on :${server.address().port}`))
