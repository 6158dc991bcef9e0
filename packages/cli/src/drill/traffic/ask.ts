import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Target } from '../target.js'
import { composeHeaders } from './message.js'
import type { Message } from './message.js'

export interface Reply {
  readonly status: number
  readonly body: Buffer
}

/** One request on a connection of its own, which is closed with the answer: nothing of the drill's stays behind. */
export function ask({ host, port }: Target, message: Message, signal?: AbortSignal): Promise<Reply> {
  const { method, path, body } = message
  return new Promise((resolve, reject) => {
    const options = {
      host,
      port,
      method,
      path,
      headers: composeHeaders(message),
      agent: false,
      timeout: 30_000,
    }
    const asked = request(signal ? { ...options, signal } : options)
    asked.on('timeout', () => asked.destroy(new Error('no answer within 30 s')))
    asked.on('error', reject)
    asked.on('response', (response) => {
      buffer(response).then(
        (received) => resolve({ status: response.statusCode ?? 0, body: received }),
        reject,
      )
    })
    asked.end(body)
  })
}

/** What is wrong with the answer, in words. A request that is given up when the signal fires has none. */
export async function askForProblem(
  target: Target,
  message: Message,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const { status } = await ask(target, message, signal)
    return status >= 200 && status < 300 ? undefined : `answers ${status}`
  } catch (error) {
    if (signal?.aborted) return undefined
    return `fails: ${error instanceof Error ? error.message : String(error)}`
  }
}
