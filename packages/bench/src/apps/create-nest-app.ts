import 'reflect-metadata'
import type { Server } from 'node:http'
import type { INestApplication, Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { keepAliveTimeoutMs } from './orders.js'

/** On Express, as Nest is by default. */
export async function createNestApp(module: Type): Promise<INestApplication> {
  const app = await NestFactory.create(module, { logger: ['warn', 'error', 'fatal'] })
  // Nest leaves the type of the server to its platform
  const server = app.getHttpServer() as Server
  server.keepAliveTimeout = keepAliveTimeoutMs
  return app
}
