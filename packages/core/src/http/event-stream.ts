import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { longestTimerMs } from '../clock.js'
import { callback, checkOptions, type Rule } from '../option-rules.js'
import { isSilent, silence } from './silence.js'

export interface EndEventStreamOptions {
  /** Between which times the client is told to come back, in ms. @default [1000, 5000] */
  readonly retryMs?: readonly [min: number, max: number]
  /** A number from 0 to 1, like `Math.random`: spreads the times. */
  readonly random?: () => number
}

/**
 * Ends a stream of server-sent events and tells the client when to come back, each another time. For who writes the
 * stream, between two events. What is written later is swallowed; a stream that has ended is left alone.
 * Throws `ERR_LASTCALL_OPTION`.
 * @example shutdown.stopping.addEventListener('abort', () => endEventStream(res))
 */
export function endEventStream(
  res: ServerResponse | Http2ServerResponse,
  options: EndEventStreamOptions = {},
): void {
  checkOptions(options, rules)
  const { retryMs: [min, max] = [1_000, 5_000], random = Math.random } = options
  const { stream } = res as Partial<Http2ServerResponse>
  if (res.writableEnded || isSilent(res) || res.destroyed || stream?.destroyed) return
  // the two have different overloads, and this one in common
  const { write, end } = res as { write(chunk: string): unknown; end(): unknown }
  write.call(res, `retry: ${Math.round(min + random() * (max - min))}\n\n`)
  end.call(res)
  silence(res)
}

const rules = {
  retryMs: { allowed: 'two numbers of ms, the smaller one first', fits: isRange },
  random: callback,
} satisfies Record<keyof EndEventStreamOptions, Rule>

function isRange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [min, max] = value as unknown[]
  return typeof min === 'number' && typeof max === 'number' && min >= 0 && min <= max && max <= longestTimerMs
}
