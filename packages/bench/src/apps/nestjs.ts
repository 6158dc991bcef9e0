// Nest 12 with the module.
import { ShutdownModule } from '@lastcall/nestjs'
import { Module } from '@nestjs/common'
import { createNestApp } from './create-nest-app.js'
import { OrdersController } from './orders.controller.js'
import { host, options, port } from './variant.js'

// Nest's own logger writes no JSON, in which the report is looked for
const log = (details: object, msg: string): void => console.error(JSON.stringify({ ...details, msg }))
const logger = { info: log, warn: log, error: log }

@Module({
  imports: [ShutdownModule.forRoot({ ...options, logger })],
  controllers: [OrdersController],
})
class AppModule {}

const app = await createNestApp(AppModule)
app.enableShutdownHooks()
await app.listen(port, host)
