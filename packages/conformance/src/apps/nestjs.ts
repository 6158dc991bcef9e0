// Nest with the module; PLATFORM names what it stands on.
import 'reflect-metadata'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { Shutdown } from '@lastcall/core'
import { InjectShutdown, ShutdownModule } from '@lastcall/nestjs'
import {
  All,
  Controller,
  Get,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common'
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core'
import { WsAdapter } from '@nestjs/platform-ws'
import { WebSocketGateway } from '@nestjs/websockets'
import type { WebSocket } from 'ws'
import { stopPlainly } from './plain-stop.js'
import { createRoutes, type Stop } from './routes.js'
import { closeParticipant, settings } from './settings.js'

const { control, options, participant, port } = settings

const stop: Stop = { begin() {}, close: () => void app.close() }
const route = createRoutes({ begin: () => stop.begin(), close: () => stop.close() })

/** What both platforms call alike. */
interface Reply {
  status(code: number): unknown
  header(name: string, value: string): unknown
}

@Controller()
class AppController {
  @All(['/', ':path'])
  async answer(
    @Req() request: IncomingMessage | { readonly raw: IncomingMessage },
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string | StreamableFile | undefined> {
    const raw = 'raw' in request ? request.raw : request
    const { method = '', url = '' } = raw
    const { status = 200, headers = {}, body } = await route({ method, url, body: raw })
    reply.status(status)
    for (const [name, value] of Object.entries(headers)) reply.header(name, value)
    if (body instanceof Readable) return new StreamableFile(body)
    return body instanceof Uint8Array ? new StreamableFile(body) : body
  }
}

@WebSocketGateway({ path: '/socket' })
class EchoGateway {
  handleConnection(socket: WebSocket): void {
    socket.on('message', (message) => socket.send(message))
  }
}

@Injectable()
class WithLastCall {
  constructor(@InjectShutdown() shutdown: Shutdown) {
    if (participant) shutdown.register('the participant', closeParticipant)
    stop.begin = () => void shutdown.begin('asked by a handler', { exit: true })
  }
}

@Controller()
class WithoutLastCall implements OnModuleDestroy, OnApplicationShutdown {
  @Get(['livez', 'readyz'])
  probe(): string {
    return ''
  }

  /** The first of Nest's hooks. */
  onModuleDestroy(): void {
    console.log('closing')
  }

  async onApplicationShutdown(): Promise<void> {
    if (participant) await closeParticipant()
  }
}

const log = (details: object, msg: string): void => console.error(JSON.stringify({ ...details, msg }))
const logger = { info: log, warn: log, error: log }

@Module(
  control
    ? { controllers: [WithoutLastCall, AppController], providers: [EchoGateway] }
    : {
        imports: [ShutdownModule.forRoot({ ...options, logger })],
        controllers: [AppController],
        providers: [EchoGateway, WithLastCall],
      },
)
class AppModule {}

const app = await NestFactory.create(AppModule, await createAdapter(), {
  bodyParser: false,
  logger: ['warn', 'error', 'fatal'],
})
app.useWebSocketAdapter(new WsAdapter(app))
// Nest leaves the type of the server to its platform
const server = app.getHttpServer() as Server
server.keepAliveTimeout = 72_000
if (control && control !== 'close') stop.begin = stopPlainly(server, () => app.close())
else app.enableShutdownHooks()
await app.listen(port, '127.0.0.1')
console.log(`on Nest ${versionOf('@nestjs/core')}`)
console.log(`listening ${(server.address() as AddressInfo).port}`)

async function createAdapter(): Promise<AbstractHttpAdapter> {
  if (process.env['PLATFORM'] !== 'fastify')
    return new (await import('@nestjs/platform-express')).ExpressAdapter()
  const adapter = new (await import('@nestjs/platform-fastify')).FastifyAdapter()
  const fastify = adapter.getInstance()
  fastify.removeAllContentTypeParsers()
  // handlers read bodies themselves, or leave them
  fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  return adapter
}

function versionOf(name: string): string {
  const manifest = readFileSync(new URL('package.json', import.meta.resolve(name)), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
