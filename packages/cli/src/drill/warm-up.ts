import { createHash } from 'node:crypto'
import { ask } from './ask.js'
import type { Message } from './connection.js'
import { DrillError } from './drill-error.js'
import { createLedger } from './ledger.js'
import type { DrillPaths } from './options.js'
import type { Routes } from './routes.js'
import type { Target } from './target.js'
import { composeOrder } from './traffic.js'

export interface WarmUp {
  readonly routes: Routes
  /** The path that lists what was posted, when there is one. */
  readonly list: string | undefined
  /** What is left out, in words. */
  readonly leftOut: readonly string[]
}

/** Asks each route once on each target, to learn which kinds of traffic the app can take. */
export async function warmUp(targets: readonly Target[], paths: DrillPaths): Promise<WarmUp> {
  const leftOut: string[] = []
  const check = async (
    path: string,
    compose: () => Message = () => ({ method: 'GET', path }),
    signal?: AbortSignal,
  ): Promise<string | undefined> => {
    const statuses = await Promise.all(targets.map((target) => status(target, compose(), signal)))
    const { method } = compose()
    const failed = statuses.find((code) => code >= 500)
    if (failed) throw new DrillError(`${method} ${path} answered ${failed} before any restart`)
    const refused = statuses.find((code) => code >= 400)
    if (refused) leftOut.push(`${method} ${path} (answers ${refused})`)
    return refused ? undefined : path
  }

  const ledger = createLedger()
  const post = await check(paths.post, () => composeOrder(paths.post, ledger.newId()))
  const get = await check(paths.get)
  if (get === undefined && post === undefined) {
    throw new DrillError(
      `Nothing to send: ${leftOut.join(', ')}. Give paths of the app with --get and --post.`,
    )
  }
  // A slow route that has not answered by then exists; its answer is not worth waiting for.
  const slow = await check(paths.slow, undefined, AbortSignal.timeout(500))
  const large = await check(paths.large)
  const list = post && (await check(paths.list))
  const largeSha256 = large && (await findChecksum(targets, large))
  return { routes: { get, post, slow, large, largeSha256 }, list, leftOut }
}

async function status(target: Target, message: Message, signal?: AbortSignal): Promise<number> {
  try {
    const reply = await ask(target, message, signal)
    return reply.status
  } catch (error) {
    if (signal?.aborted) return 200
    const { method, path } = message
    throw new DrillError(`${method} ${path} failed before any restart (${target.name})`, '', { cause: error })
  }
}

/** The checksum of a route that answers the same everywhere and each time. */
async function findChecksum(targets: readonly Target[], path: string): Promise<string | undefined> {
  const sums = new Set<string>()
  for (const target of [...targets, ...targets]) {
    const { body } = await ask(target, { method: 'GET', path })
    sums.add(createHash('sha256').update(body).digest('hex'))
  }
  const [sum] = sums
  return sums.size === 1 ? sum : undefined
}
