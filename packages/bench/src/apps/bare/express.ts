// Express alone.
import { createOrdersApp } from '../orders-app.js'
import { keepAliveTimeoutMs } from '../orders.js'
import { host, port } from '../variant.js'

createOrdersApp().listen(port, host).keepAliveTimeout = keepAliveTimeoutMs
