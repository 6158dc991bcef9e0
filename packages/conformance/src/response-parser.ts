export interface RawResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Takes an HTTP/1.1 connection apart, piece by piece, as strictly as its framing is. */
export interface ResponseParser {
  /** To be told before the response comes: HEAD has no body, whatever the headers say. */
  expect(method: string): void
  /** Throws at what cannot be the next byte of a response. */
  push(chunk: Buffer): void
  /** The server has closed its side: the end of a response without a length. */
  end(): void
  /** Whether a response has begun that is not whole. */
  readonly within: boolean
}

type State =
  | { readonly in: 'head' | 'chunk size' | 'trailers' }
  | { readonly in: 'body' | 'chunk'; left: number }

export function createResponseParser(onResponse: (response: RawResponse) => void): ResponseParser {
  const methods: string[] = []
  let state: State = { in: 'head' }
  let text: Buffer = Buffer.alloc(0)
  let head: Omit<RawResponse, 'body'> = { status: 0, headers: {} }
  let body: Buffer[] = []

  const finish = (): void => {
    const response = { ...head, body: Buffer.concat(body).toString('latin1') }
    state = { in: 'head' }
    body = []
    // an informational response is not the answer (RFC 9110, section 15.2)
    if (head.status >= 200) methods.shift()
    onResponse(response)
  }

  const beginBody = (): void => {
    const { status, headers } = head
    if (status < 200 || status === 204 || status === 304 || methods[0] === 'HEAD') return finish()
    if (headers['transfer-encoding'] === 'chunked') state = { in: 'chunk size' }
    else state = { in: 'body', left: Number(headers['content-length'] ?? Infinity) }
    if (state.in === 'body' && state.left === 0) finish()
  }

  /** Up to the separator, or nothing yet. */
  const take = (separator: string): string | undefined => {
    const index = text.indexOf(separator)
    if (index === -1) return undefined
    const taken = text.toString('latin1', 0, index)
    text = text.subarray(index + separator.length)
    return taken
  }

  const takeBody = (within: { left: number }): boolean => {
    if (text.length === 0) return false
    const piece = text.subarray(0, within.left)
    body.push(piece)
    text = text.subarray(piece.length)
    within.left -= piece.length
    return within.left === 0
  }

  /** Whether it got anywhere. */
  const step = (): boolean => {
    switch (state.in) {
      case 'head': {
        const lines = take('\r\n\r\n')
        if (lines === undefined) return false
        if (methods.length === 0) throw new Error(`a response that nobody asked for: ${lines}`)
        head = parseHead(lines)
        beginBody()
        return true
      }
      case 'body':
        if (!takeBody(state)) return false
        finish()
        return true
      case 'chunk size': {
        const size = take('\r\n')
        if (size === undefined) return false
        if (!/^[0-9a-f]+$/i.test(size)) throw new Error(`not the size of a chunk: ${size.slice(0, 40)}`)
        const length = Number.parseInt(size, 16)
        // the line break after the data counts as part of it
        state = length === 0 ? { in: 'trailers' } : { in: 'chunk', left: length + 2 }
        return true
      }
      case 'chunk': {
        if (!takeBody(state)) return false
        const data = Buffer.concat(body)
        body = [data.subarray(0, -2)]
        state = { in: 'chunk size' }
        return true
      }
      case 'trailers': {
        const line = take('\r\n')
        if (line === '') finish()
        return line !== undefined
      }
      default:
        return state satisfies never
    }
  }

  return {
    expect: (method) => void methods.push(method),
    push(chunk) {
      text = text.length === 0 ? chunk : Buffer.concat([text, chunk])
      while (step());
    },
    end() {
      if (state.in === 'body' && state.left === Infinity) finish()
    },
    get within() {
      return state.in !== 'head' || text.length > 0
    },
  }
}

function parseHead(lines: string): Omit<RawResponse, 'body'> {
  const [statusLine = '', ...fields] = lines.split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]
  if (status === undefined) throw new Error(`not a status line: ${statusLine.slice(0, 80)}`)
  const headers = fields.map((field) => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
  })
  return { status: Number(status), headers: Object.fromEntries(headers) }
}
