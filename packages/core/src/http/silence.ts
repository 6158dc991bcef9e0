import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'

const silent = new WeakSet<object>()

/** Whether whatever is done with it is swallowed. */
export const isSilent = (res: ServerResponse | Http2ServerResponse): boolean => silent.has(res)

/**
 * A handler that goes on after we answered for it must not crash the process with ERR_HTTP_HEADERS_SENT or a write
 * after end: whatever it still does with the response is swallowed.
 */
export function silence(res: ServerResponse | Http2ServerResponse): void {
  silent.add(res)
  const methods = [
    'writeHead',
    'setHeader',
    'setHeaders',
    'appendHeader',
    'removeHeader',
    'flushHeaders',
    'addTrailers',
    'write',
    'end',
  ]
  const informational = ['writeContinue', 'writeProcessing', 'writeEarlyHints', 'writeInformation']
  swallow(res, [...methods, ...informational])
}

/** From here on calls of these methods do nothing but call back. */
export function swallow(target: object, methods: readonly string[]): void {
  const swallowed = (...args: unknown[]): object => {
    const callback = args.at(-1)
    if (typeof callback === 'function') process.nextTick(callback)
    return target
  }
  for (const name of methods) {
    // says whether more may be written
    const method = name === 'write' ? (...args: unknown[]) => swallowed(...args) === target : swallowed
    Object.assign(target, { [name]: method })
  }
}
