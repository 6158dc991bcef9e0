/**
 * How many bytes the answer is long that begins with `text`; undefined as long as its head is not complete. The answers of
 * one route are all of one length, so it is read once. Throws when it is no 200, or does not say how long it is.
 */
export function answerLength(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = text.slice(0, end)
  const [, body] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
  if (!head.startsWith('HTTP/1.1 200 ') || body === undefined) throw new Error(`not expected:\n${head}`)
  return end + 4 + Number(body)
}
