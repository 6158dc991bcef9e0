// @ts-check
import { once } from 'node:events'
import winston from 'winston'

/** What the app logs with. */
export const log = winston.createLogger({
  transports: [new winston.transports.File({ filename: process.env.LOG_FILE ?? 'shop.log' })],
})

/**
 * What Last Call logs with: winston wants the message first.
 * @type {import('@lastcall/core').Logger}
 */
export const logger = {
  info: (details, message) => log.info(message, details),
  warn: (details, message) => log.warn(message, details),
  error: (details, message) => log.error(message, details),
  // winston knows that everything is written only when it is ended
  async flush() {
    const written = log.transports.map((transport) => once(transport, 'finish'))
    log.end()
    await Promise.all(written)
  },
}
