import { fileURLToPath } from 'node:url'

/** The program of examples/nestjs. */
export const example: string = fileURLToPath(
  new URL('../../../examples/nestjs/dist/main.js', import.meta.url),
)
