// Nest alone, with its shutdown hooks.
import { Module } from '@nestjs/common'
import { createNestApp } from '../create-nest-app.js'
import { OrdersController } from '../orders.controller.js'
import { ReadyController } from '../ready.controller.js'
import { host, port } from '../variant.js'

@Module({ controllers: [OrdersController, ReadyController] })
class AppModule {}

const app = await createNestApp(AppModule)
app.enableShutdownHooks()
await app.listen(port, host)
