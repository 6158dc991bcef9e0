import { STATUS_CODES, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { internalsOf } from '../internals.js'
import type { Report } from '../report.js'
import type { Shutdown } from '../shutdown.js'
import { answerJson, noStore } from './answer-json.js'
import { destroyWhenSilent } from './connection-close.js'
import type { DrainAccess, Refusal } from './drain-access.js'
import { pathOf } from './path-of.js'
import { handleProbes } from './probes.js'

/** Answers what an admin server is asked, one request on each connection. */
export function answerAdmin(shutdown: Shutdown, access: DrainAccess): RequestListener {
  const { clock, log, drainProcess } = internalsOf(shutdown)
  const probe = handleProbes(shutdown)
  const warned = new Set<string>()

  const drain = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const refusal = access(req)
    if (!refusal) return json(res, 200, drained(await drainProcess('/drain'), shutdown))
    const { status, message } = refusal
    // whoever set up the hook should find it, and whoever tries tokens should not fill the log
    if (!warned.has(message))
      log.warn({ status, peer: req.socket.remoteAddress }, `/drain refused: ${message}`)
    warned.add(message)
    return refuse(res, refusal)
  }

  return (req, res) => {
    res.setHeader('Connection', 'close')
    if (hasBody(req)) {
      const { socket } = req
      // closed with a body unread, the connection would be reset, and the answer lost with it
      socket.destroySoon = () => {
        req.resume()
        socket.end()
        destroyWhenSilent(socket, clock)
      }
      return refuse(res, { status: 413, message: 'nothing here takes a body' })
    }
    if (probe(req, res)) return
    const path = pathOf(req)
    if (path === '/drain') {
      // never rejects
      void drain(req, res)
      return
    }
    if (path !== '/livez' && path !== '/readyz') return refuse(res, { status: 404, message: 'unknown path' })
    return refuse(res, { status: 405, message: 'a probe is asked with GET', headers: { Allow: 'GET, HEAD' } })
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0

/** The worst verdict so far, and the report of each instance. */
function drained(reports: readonly Report[], { phase }: Shutdown): object {
  const verdicts = reports.map(({ verdict }) => verdict)
  const verdict = (['failed', 'forced'] as const).find((bad) => verdicts.includes(bad)) ?? 'clean'
  return { phase, verdict, reports }
}

const refuse = (res: ServerResponse, { status, message, headers }: Refusal): void =>
  json(res, status, { statusCode: status, error: STATUS_CODES[status], message }, headers)

const json = (
  res: ServerResponse,
  status: number,
  content: object,
  headers?: Readonly<Record<string, string>>,
): void => answerJson(res, status, JSON.stringify(content), { ...headers, ...noStore })
