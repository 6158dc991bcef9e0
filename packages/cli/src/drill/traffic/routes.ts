import type { RequestHeaders } from './message.js'

/** Where each kind of traffic goes. A path that is undefined leaves its traffic out. */
export interface Routes {
  readonly get?: string | undefined
  readonly post?: string | undefined
  /** What is posted. @default an order as the examples take it, with an id that can be found again */
  readonly body?: string | Buffer | undefined
  /** Sent with every request. */
  readonly headers?: RequestHeaders | undefined
  readonly slow?: string | undefined
  readonly large?: string | undefined
  /** The SHA-256 of what `large` answers, when that is the same each time. */
  readonly largeSha256?: string | undefined
}

/** As in `GET /orders`. */
export function listRoutes({ get, post, slow, large }: Routes): readonly string[] {
  const gets = [get, slow, large].flatMap((path) => (path === undefined ? [] : [`GET ${path}`]))
  return post === undefined ? gets : [...gets, `POST ${post}`]
}
