/** What matters of a request, from `node:http` or from the compatibility API of `node:http2`. */
export interface RequestLike {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

/** What an answer needs, of either. */
export interface ResponseLike {
  readonly headersSent: boolean
  writeHead(status: number, headers: Record<string, string | number>): unknown
  end(body: string): unknown
}
