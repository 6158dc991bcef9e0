// nestjs-graceful-shutdown, as in its README.
import { Module } from '@nestjs/common'
import { GracefulShutdownModule, setupGracefulShutdown } from 'nestjs-graceful-shutdown'
import { createNestApp } from '../create-nest-app.js'
import { OrdersController } from '../orders.controller.js'
import { ReadyController } from '../ready.controller.js'
import { host, port } from '../variant.js'

@Module({ imports: [GracefulShutdownModule.forRoot()], controllers: [OrdersController, ReadyController] })
class AppModule {}

const app = await createNestApp(AppModule)
setupGracefulShutdown({ app })
await app.listen(port, host)
