import type { ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import type { Answer } from './routes.js'

/** Writes an answer as handlers of node:http do. */
export function writeAnswer(res: ServerResponse, { status = 200, headers = {}, body }: Answer): void {
  if (body instanceof Readable) {
    res.writeHead(status, headers)
    return void pipeline(body, res, () => {})
  }
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
  res.writeHead(status, { ...headers, ...length })
  res.end(body)
}
