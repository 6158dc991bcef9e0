import { request } from 'node:http'
import type { Goodbye } from '../observation/observed.js'
import type { Target } from '../target.js'
import type { Guest, Visit } from './guests.js'

/** Listens to server-sent events until the server ends the response. */
export function openEventStream({ host, port }: Target, { path, headers }: Visit): Promise<Guest> {
  const accept = { accept: 'text/event-stream', ...headers }
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, headers: accept, agent: false })
    asked.on('error', reject) // after the first byte the response tells it
    asked.on('response', (response) => {
      const { statusCode = 0 } = response
      if (statusCode !== 200) {
        asked.destroy()
        return reject(new Error(`it answers ${statusCode}`))
      }
      const ended = new Promise<Pick<Goodbye, 'manner' | 'how'>>((settle) => {
        response.on('error', () => {
          // 'close' follows
        })
        response.on('close', () => {
          if (response.complete) settle({ manner: 'told', how: 'ended' })
          else settle({ manner: 'cut', how: 'cut off before its last chunk' })
        })
        response.resume()
      })
      resolve({ ended, leave: () => asked.destroy() })
    })
    asked.end()
  })
}
