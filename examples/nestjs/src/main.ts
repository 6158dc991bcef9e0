// A shop that takes orders. It can be restarted at any time: no request is lost.
// Start it with `node dist/main.js`, stop it with Ctrl-C or SIGTERM.
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { WsAdapter } from '@nestjs/platform-ws'
import { AppModule } from './app.module.js'

const { PLATFORM, PORT = 3000, HOST = '127.0.0.1' } = process.env

const app = await NestFactory.create(
  AppModule,
  PLATFORM === 'fastify' ? new FastifyAdapter() : new ExpressAdapter(),
)
app.useWebSocketAdapter(new WsAdapter(app))
app.enableShutdownHooks()
await app.listen(PORT, HOST)
console.log(`listening on ${await app.getUrl()}`)
