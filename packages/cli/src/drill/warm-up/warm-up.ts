import { DrillError } from '../drill-error.js'
import type { DrillOptions, DrillPaths } from '../options.js'
import type { Target } from '../target.js'
import { ask, askForProblem } from '../traffic/ask.js'
import { createLedger } from '../traffic/ledger.js'
import type { Message } from '../traffic/message.js'
import type { Routes } from '../traffic/routes.js'
import { composePost } from '../traffic/traffic.js'
import { findChecksum } from './find-checksum.js'
import { readGivenBody } from './read-given-body.js'

export interface WarmUp {
  readonly routes: Routes
  /** The path that lists what was posted, when it can be relied on. */
  readonly list: string | undefined
  /** Why what is posted cannot be read back. */
  readonly listProblem: string | undefined
  /** What is left out, in words. */
  readonly leftOut: readonly string[]
}

type Wanted = Pick<DrillOptions, 'paths' | 'named' | 'headers' | 'body'>

/**
 * Asks each route once on each target, to learn which kinds of traffic the app can take.
 * @throws DrillError when a path that the user has named does not answer 2xx, or when there is nothing to send
 */
export async function warmUp(targets: readonly Target[], options: Wanted): Promise<WarmUp> {
  const { paths, named = [], headers } = options
  const body = await readGivenBody(options.body)
  const leftOut: string[] = []
  const find = async (
    name: keyof DrillPaths,
    path: string,
    compose: () => Message = () => ({ method: 'GET', path, headers }),
    signal?: AbortSignal,
  ): Promise<string | undefined> => {
    const problems = await Promise.all(targets.map((target) => askForProblem(target, compose(), signal)))
    const problem = problems.find((text) => text !== undefined)
    if (problem === undefined) return path
    const what = `${name === 'post' ? 'POST' : 'GET'} ${path}`
    if (named.includes(name)) throw new DrillError(`${what} ${problem}, and it was given with --${name}`)
    leftOut.push(`${what} (${problem})`)
    return undefined
  }

  const ledger = createLedger()
  const ids: string[] = []
  const post = await find('post', paths.post, () => {
    const message = composePost(paths.post, { body, headers }, ledger)
    if (message.id !== undefined) ids.push(message.id)
    return message
  })
  let get = await find('get', paths.get)
  if (get === undefined && post === undefined) get = await find('get', '/')
  if (get === undefined && post === undefined) {
    throw new DrillError(
      `Nothing to send: ${leftOut.join(', ')}. Give paths of the app with --get and --post.`,
    )
  }
  // A slow route that has not answered by then exists; its answer is not worth waiting for.
  const slow = await find('slow', paths.slow, undefined, AbortSignal.timeout(500))
  const large = await find('large', paths.large)
  const largeSha256 = large && (await findChecksum(targets, { method: 'GET', path: large, headers }))
  const routes = { get, post, slow, large, largeSha256, body, headers }
  if (post === undefined) return { routes, list: undefined, listProblem: undefined, leftOut }
  if (body !== undefined) {
    return {
      routes,
      list: undefined,
      listProblem: 'what is given as --body has no ids of the drill',
      leftOut,
    }
  }
  const list = await find('list', paths.list)
  const problem =
    list === undefined
      ? leftOut.pop() // it is no traffic, but a finding
      : await findListProblem(targets, { method: 'GET', path: list, headers }, ids)
  return { routes, list: problem === undefined ? list : undefined, listProblem: problem, leftOut }
}

/** A page that answers 200 whatever it is asked for is no list. */
async function findListProblem(
  targets: readonly Target[],
  message: Message,
  ids: readonly string[],
): Promise<string | undefined> {
  const replies = await Promise.all(targets.map((target) => ask(target, message)))
  const text = replies.map(({ body }) => body.toString()).join('\n')
  if (ids.every((id) => text.includes(id))) return undefined
  return `GET ${message.path} does not show what was posted`
}
