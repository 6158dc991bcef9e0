// @ts-check
// Rolls a deployment under the drill's clients, which never retry, and says what they lost:
// KUBECONFIG=… node roll.js --url http://203.0.113.7
// Exit codes as the drill has them: 0 nothing was lost, 1 something was, 2 it could not be tried.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { losses, startTraffic } from 'lastcall/drill'

const run = promisify(execFile)

try {
  await roll()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function roll() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      deployment: { type: 'string', default: 'orders' },
      namespace: { type: 'string', default: 'default' },
      restarts: { type: 'string', default: '3' },
      get: { type: 'string', default: '/' },
      post: { type: 'string', default: '/' },
      slow: { type: 'string', default: '/slow' },
    },
  })
  const { deployment, namespace, get, post, slow } = values
  const target = readTarget(values.url)
  const restarts = Number(values.restarts)
  if (!Number.isInteger(restarts) || restarts < 1) throw new Error('--restarts has to be a number from 1 on')
  checkKubeconfig(process.env.KUBECONFIG)
  /** @param {string[]} args */
  const kubectl = (...args) => askKubectl(['--namespace', namespace, ...args])

  const context = (await kubectl('config', 'current-context')).trim()
  const { spec } = JSON.parse(await kubectl('get', 'deployment', deployment, '-o', 'json'))
  const labels = Object.entries(spec.selector.matchLabels).map((label) => label.join('='))
  console.log(`deployment ${namespace}/${deployment} of ${context}, by ${values.url}`)

  const traffic = startTraffic({ targets: [target], routes: { get, post, slow } })
  try {
    await setTimeout(3_000)
    const { requests, lost } = traffic.tally()
    if (requests === lost || lost > 0)
      throw new Error(
        `${lost} of ${requests} requests were lost before a restart: does ${values.url} lead there?`,
      )
    for (let restart = 1; restart <= restarts; restart += 1) {
      const old = (await kubectl('get', 'pods', '-l', labels.join(','), '-o', 'name')).match(/\S+/g) ?? []
      if (old.length === 0) throw new Error(`${deployment} has no pods`)
      await kubectl('rollout', 'restart', `deployment/${deployment}`)
      await kubectl('rollout', 'status', `deployment/${deployment}`, '--timeout=10m')
      // The new pods are ready; the old ones may have begun their shutdown only now.
      await untilGone(kubectl, old)
      const soFar = traffic.tally().lost
      console.log(`restart ${restart}: ${old.length} pods replaced, ${soFar} requests lost so far`)
    }
    // Some clients think for four seconds: whether their connections lead anywhere shows when they come back.
    await setTimeout(5_000)
  } finally {
    await traffic.stop()
  }

  const { requests, lost, outcomes } = traffic.tally()
  const how = losses.flatMap((loss) => (outcomes[loss] > 0 ? [`${loss} ${outcomes[loss]}`] : []))
  console.log(`${lost} of ${requests} requests were lost${lost > 0 ? `: ${how.join(', ')}` : ''}`)
  if (lost > 0) process.exitCode = 1
}

/**
 * @param {(...args: string[]) => Promise<string>} kubectl
 * @param {string[]} pods
 */
async function untilGone(kubectl, pods) {
  for (let seconds = 0; seconds < 600; seconds += 1) {
    const left = await kubectl('get', '--ignore-not-found', '-o', 'name', ...pods)
    if (left.trim() === '') return
    await setTimeout(1_000)
  }
  throw new Error(`after 10 minutes there is still one of ${pods.join(', ')}`)
}

/** @param {string | undefined} url */
function readTarget(url) {
  if (url === undefined) throw new Error('--url is missing: where the clients of the deployment find it')
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'http:') throw new Error('--url has to begin with http://: the clients speak no TLS')
  return { name: hostname, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) }
}

/** Named, and never the context that happens to be current: something is restarted. @param {string | undefined} paths */
function checkKubeconfig(paths) {
  if (!paths) throw new Error('KUBECONFIG is not set: it names the cluster whose deployment is restarted')
  if (!paths.split(delimiter).some(existsSync)) throw new Error(`KUBECONFIG: there is no file ${paths}`)
}

/** @param {string[]} args */
async function askKubectl(args) {
  try {
    return (await run('kubectl', args)).stdout
  } catch (error) {
    const { code, stderr } = /** @type {{ code?: unknown, stderr?: string }} */ (error)
    const problem =
      code === 'ENOENT'
        ? 'kubectl was not found: https://kubernetes.io/docs/tasks/tools/'
        : `kubectl ${args.join(' ')}: ${stderr?.trim() || `ended with ${String(code)}`}`
    throw new Error(problem, { cause: error })
  }
}
