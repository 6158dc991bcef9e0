export interface RequestText {
  /** @default POST with a body, else GET */
  readonly method?: string
  /** Sent with its length in the headers. */
  readonly body?: string
  readonly headers?: readonly string[]
}

/** A request of HTTP/1.1, to the byte. */
export const requestText = (path: string, { method, body, headers = [] }: RequestText = {}): string =>
  [
    `${method ?? (body === undefined ? 'GET' : 'POST')} ${path} HTTP/1.1`,
    'Host: localhost',
    ...(body === undefined ? [] : [`Content-Length: ${body.length}`]),
    ...headers,
    '',
    body ?? '',
  ].join('\r\n')
