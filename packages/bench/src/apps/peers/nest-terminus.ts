// @nestjs/terminus, as Nest's documentation says for Kubernetes: a delay slightly longer than the interval of the checks.
import { Controller, Get, Inject, Module } from '@nestjs/common'
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus'
import type { HealthCheckResult } from '@nestjs/terminus'
import { createNestApp } from '../create-nest-app.js'
import { OrdersController } from '../orders.controller.js'
import { host, port } from '../variant.js'

@Controller('readyz')
class HealthController {
  readonly #health: HealthCheckService

  constructor(@Inject(HealthCheckService) health: HealthCheckService) {
    this.#health = health
  }

  @Get()
  @HealthCheck()
  check(): Promise<HealthCheckResult> {
    return this.#health.check([])
  }
}

@Module({
  imports: [TerminusModule.forRoot({ gracefulShutdownTimeoutMs: 1_000 })],
  controllers: [OrdersController, HealthController],
})
class AppModule {}

const app = await createNestApp(AppModule)
app.enableShutdownHooks()
await app.listen(port, host)
