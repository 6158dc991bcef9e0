import { inspect } from 'node:util'

/** The three methods Last Call calls: object first, as pino, Fastify's `app.log` and most others have it. */
export interface Logger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
  /**
   * Called once, before the process is ended although something keeps it alive: calls back, or returns a promise, when
   * all is written. Loggers of pino have it.
   */
  flush?(done: () => void): unknown
}

/** @internal A logger that can do no harm, and is flushed once, whoever uses it. */
export interface GuardedLogger extends Logger {
  flush(): Promise<void>
}

/** One line of JSON per entry on stderr, which is unbuffered and leaves stdout to the program. */
export const defaultLogger: Logger = {
  info: (details, message) => write('info', details, message),
  warn: (details, message) => write('warn', details, message),
  error: (details, message) => write('error', details, message),
}

/** A logger that cannot stop a shutdown: whatever the user's throws is dropped, since there is nowhere left to log it. */
export function guardLogger(logger: Logger): GuardedLogger {
  const guard =
    (level: 'info' | 'warn' | 'error') =>
    (details: object, message: string): void => {
      // async, since it may reject: as a crash that would be logged, and reject again
      const log = async (): Promise<void> => logger[level](details, message)
      log().catch(() => {})
    }
  return { info: guard('info'), warn: guard('warn'), error: guard('error'), flush: () => flushOnce(logger) }
}

const flushes = new WeakMap<Logger, Promise<void>>()

/** Several instances may share a logger, and some can be flushed by being ended only. */
function flushOnce(logger: Logger): Promise<void> {
  const flushed = flushes.get(logger) ?? flush(logger)
  flushes.set(logger, flushed)
  return flushed
}

async function flush(logger: Logger): Promise<void> {
  try {
    await new Promise<unknown>((resolve) => {
      const result: unknown = logger.flush?.(() => resolve(undefined))
      // one that takes no callback, such as that of pino 8, will not call it
      if (result instanceof Promise || !logger.flush?.length) resolve(result)
    })
  } catch {
    // there is nowhere left to log it
  }
}

function write(level: string, details: object, message: string): void {
  const head = { level, name: 'lastcall', msg: message }
  try {
    console.error(JSON.stringify({ ...head, ...details }, plainError))
  } catch {
    // errors of HTTP clients refer to their sockets, which go in circles: JSON takes neither those nor a BigInt
    console.error(JSON.stringify({ ...head, details: inspect(details, { customInspect: false }) }))
  }
}

function plainError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value
  const { message, stack, cause } = value
  return { ...value, message, stack, cause }
}
