import type { Received } from './receiver.js'

/** The names of the spans in a request of OTLP/HTTP in JSON. */
export function spanNames({ path, body }: Received): string[] {
  if (path !== '/v1/traces') return []
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: { scopeSpans: { spans: { name: string }[] }[] }[]
  }
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(({ name }) => name)
}
