// Express 5 with the middleware.
import { lastcall } from '@lastcall/express'
import { createOrdersApp } from './orders-app.js'
import { keepAliveTimeoutMs } from './orders.js'
import { host, options, port } from './variant.js'

createOrdersApp(lastcall(options)).listen(port, host).keepAliveTimeout = keepAliveTimeoutMs
