import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'

/** Receives a body to its end. False says that it is not what it should be; a body that stops early rejects. */
export type ReadBody = (response: IncomingMessage) => Promise<boolean>

export function drainBody(response: IncomingMessage): Promise<boolean> {
  return new Promise((resolve, reject) => {
    // node:http compares the length with content-length, and reports a short body as an error.
    response.on('end', () => resolve(response.complete))
    response.on('error', reject)
    response.resume()
  })
}

/**
 * Reads a large body as a slow client does, at a steady rate that takes `overMs` in all.
 * @param sha256 of the whole body; undefined when it differs from one request to the next
 */
export function readSlowly(sha256: string | undefined, overMs: number): ReadBody {
  return async (response) => {
    const total = Number(response.headers['content-length'] ?? 0)
    const startedAt = performance.now()
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of response) {
      hash.update(chunk)
      bytes += chunk.length
      const aheadMs = (total === 0 ? 0 : (bytes / total) * overMs) - (performance.now() - startedAt)
      // Fewer and longer waits make the same pace as many short ones, with fewer timers.
      if (aheadMs >= 10) await setTimeout(aheadMs)
    }
    if (response.statusCode !== 200 || sha256 === undefined) return response.complete
    return hash.digest('hex') === sha256
  }
}
