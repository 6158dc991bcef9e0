import { inspect } from 'node:util'

/** The three methods Last Call calls: object first, as pino, Fastify's `app.log` and most others have it. */
export interface Logger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** One line of JSON per entry on stderr, which is unbuffered and leaves stdout to the program. */
export const defaultLogger: Logger = {
  info: (details, message) => write('info', details, message),
  warn: (details, message) => write('warn', details, message),
  error: (details, message) => write('error', details, message),
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} }

/** A logger that cannot stop a shutdown: whatever the user's throws is dropped, since there is nowhere left to log it. */
export function guardLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger) =>
    (details: object, message: string): void => {
      // async, since it may reject: as a crash that would be logged, and reject again
      const log = async (): Promise<void> => logger[level](details, message)
      log().catch(() => {})
    }
  return { info: guard('info'), warn: guard('warn'), error: guard('error') }
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
  return {
    ...value,
    message: value.message,
    stack: value.stack,
    ...(value.cause === undefined ? {} : { cause: value.cause }),
  }
}
