import { Controller, Get } from '@nestjs/common'

/** Ready as long as it lives: for peers that have no readiness of their own. */
@Controller('readyz')
export class ReadyController {
  @Get()
  ready(): string {
    return 'ready'
  }
}
