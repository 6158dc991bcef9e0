import type { ResponseLike } from './request-like.js'

/** Answers with a text of JSON. */
export function answerJson(
  res: ResponseLike,
  status: number,
  text: string,
  headers: Readonly<Record<string, string | number>>,
): void {
  res.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  res.end(text)
}

/** For what is true at this moment only. */
export const noStore = { 'Cache-Control': 'no-store' }
