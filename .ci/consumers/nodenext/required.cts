// What a CommonJS module in TypeScript sees of each entry: compiled, never run.
import { createShutdown, type Shutdown } from '@lastcall/core'
import { createAdminServer, drainServer, type AdminServer } from '@lastcall/core/http'
import express, { type LastcallMiddleware } from '@lastcall/express'
import { lastcall as fastify, type LastcallOptions } from '@lastcall/fastify'
import { ShutdownModule, type ShutdownModuleOptions } from '@lastcall/nestjs'

export const shutdown: Shutdown = createShutdown()
export const admin: Promise<AdminServer> = createAdminServer(shutdown, { port: 0 })
export const middleware: LastcallMiddleware = express({ shutdown })
export const options: [LastcallOptions, ShutdownModuleOptions] = [{ gracePeriodMs: 30_000 }, { shutdown }]
export const values = [drainServer, fastify, ShutdownModule.forRoot(options[1])]
