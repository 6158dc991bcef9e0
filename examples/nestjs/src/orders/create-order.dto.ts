export class CreateOrderDto {
  readonly id: string
  readonly item: string
  readonly quantity: number
}
