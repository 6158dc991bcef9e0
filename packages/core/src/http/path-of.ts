import type { RequestLike } from './request-like.js'

/** Without the query. */
export function pathOf({ url = '' }: RequestLike): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}
