import type { Logger as ShutdownLogger } from '@lastcall/core'
import { Logger } from '@nestjs/common'

const logger = new Logger('Shutdown')

/** Nest's own logger, whatever `app.useLogger` has made of it: the message, and the details on the same line. */
export const nestLogger: ShutdownLogger = {
  info: (details, message) => logger.log(line(details, message)),
  warn: (details, message) => logger.warn(line(details, message)),
  error: (details, message) => logger.error(line(details, message), stackOf(details)),
}

function line(details: object, message: string): string {
  const text = JSON.stringify(details, (_key, value: unknown) =>
    value instanceof Error ? value.message : value,
  )
  return text === '{}' ? message : `${message} ${text}`
}

const stackOf = (details: { readonly err?: unknown }): string | undefined =>
  details.err instanceof Error ? details.err.stack : undefined
