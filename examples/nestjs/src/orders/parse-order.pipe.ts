import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common'
import type { CreateOrderDto } from './create-order.dto.js'

/** Most apps have a ValidationPipe and class-validator for this. */
@Injectable()
export class ParseOrderPipe implements PipeTransform<unknown, CreateOrderDto> {
  transform(body: unknown) {
    const { id, item, quantity } = (body ?? {}) as Partial<Record<keyof CreateOrderDto, unknown>>
    if (typeof id === 'string' && typeof item === 'string' && Number(quantity) >= 1)
      return { id, item, quantity: Number(quantity) }
    throw new BadRequestException()
  }
}
