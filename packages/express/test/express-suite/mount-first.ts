// Loaded into Express's own tests by mocha: mounts a middleware first on every app that they make.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { lastcall, type LastcallMiddleware } from '@lastcall/express'
import type { RequestHandler } from 'express'

interface Router {
  use(middleware: RequestHandler): void
}

const { MOUNT, COUNTS_FILE = '' } = process.env
const require = createRequire(join(process.cwd(), 'index.js'))
const { application } = require('./lib/express.js') as { application: { init(this: object): void } }
const { init } = application
const mounted: LastcallMiddleware[] = []
const logger = { info() {}, warn() {}, error() {} }

function middleware(): RequestHandler {
  if (MOUNT === 'nothing') return (_req, _res, next) => next()
  const created = lastcall({ logger })
  mounted.push(created)
  return created
}

application.init = function initAndMount() {
  init.call(this)
  const get = Object.getOwnPropertyDescriptor(this, 'router')?.get
  let isFirst = true
  // as late as Express makes the router: before that the app may still change its settings
  Object.defineProperty(this, 'router', {
    configurable: true,
    enumerable: true,
    get() {
      const router = get?.call(this) as Router
      if (isFirst) {
        isFirst = false
        router.use(middleware())
      }
      return router
    },
  })
}

process.on('exit', () => {
  const found = mounted.filter(({ shutdown }) => shutdown.phase === 'running').length
  if (MOUNT === 'lastcall') writeFileSync(COUNTS_FILE, JSON.stringify({ mounted: mounted.length, found }))
})
