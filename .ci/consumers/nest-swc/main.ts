import { InjectShutdown, ShutdownModule, type Shutdown } from '@lastcall/nestjs'
import { Body, Controller, Injectable, Module, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'

@Injectable()
class Orders {
  constructor(@InjectShutdown() private readonly shutdown: Shutdown) {}

  async accept(order: object): Promise<object> {
    return this.shutdown.track(Promise.resolve(order), 'order')
  }
}

@Controller()
class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Post()
  create(@Body() order: object): Promise<object> {
    return this.orders.accept(order)
  }
}

@Module({ imports: [ShutdownModule.forRoot()], controllers: [OrdersController], providers: [Orders] })
class AppModule {}

async function start(): Promise<void> {
  const app = await NestFactory.create(AppModule)
  app.enableShutdownHooks()
  await app.listen(0, '127.0.0.1')
  console.log(`listening on ${await app.getUrl()}`)
}

void start()
