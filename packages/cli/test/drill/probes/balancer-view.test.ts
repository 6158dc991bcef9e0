import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { startBalancerView } from '#src/drill/probes/balancer-view.js'
import type { BalancerView, BalancerViewOptions } from '#src/drill/probes/balancer-view.js'
import type { Check, CheckResult } from '#src/drill/probes/health-check.js'
import type { Target } from '#src/drill/target.js'

interface Watched {
  readonly target: Target
  readonly view: BalancerView
  /** What the app says from now on: a status, or nothing at all. */
  answers(status: number | 'nothing'): void
  closeListener(): void
  nextCheck(result: CheckResult): Promise<Check>
}

async function watch(t: Test, options: Partial<BalancerViewOptions> = {}): Promise<Watched> {
  let answer: number | 'nothing' = 200
  const waiting = new Set<{ result: CheckResult; resolve: (check: Check) => void }>()
  const server = createServer((request, response) => {
    if (request.url !== '/healthy') response.writeHead(404).end()
    else if (answer !== 'nothing') response.writeHead(answer).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server
  const target = { name: 'app', host: '127.0.0.1', port }
  const view = startBalancerView({
    targets: [target],
    path: '/healthy',
    intervalMs: 10,
    timeoutMs: 150,
    ...options,
    onCheck(check) {
      for (const entry of waiting) {
        if (entry.result !== check.result) continue
        waiting.delete(entry)
        entry.resolve(check)
      }
    },
  })
  t.teardown(async () => {
    await view.stop()
    server.close()
    server.closeAllConnections()
  })
  return {
    target,
    view,
    answers: (status) => (answer = status),
    closeListener: () => server.close(),
    nextCheck: (result) => new Promise((resolve) => waiting.add({ result, resolve })),
  }
}

t.test('nobody is ready before the first check', async (t) => {
  const { view, target } = await watch(t)
  t.notOk(view.isReady(target))
  t.equal(view.lastCheck(target), undefined)
})

t.test('one success is up, one failure is down, whatever the status', async (t) => {
  const { view, target, answers, nextCheck } = await watch(t)
  await nextCheck('ready')
  t.ok(view.isReady(target))
  for (const status of [503, 500, 404, 302]) {
    answers(status)
    t.match(await nextCheck('not-ready'), { status })
    t.notOk(view.isReady(target), `${status} is down`)
    answers(200)
    await nextCheck('ready')
    t.ok(view.isReady(target), '200 is up')
  }
})

t.test('a closed listener is noticed although connections could be kept alive', async (t) => {
  const { view, target, closeListener, nextCheck } = await watch(t)
  await nextCheck('ready')
  closeListener()
  await nextCheck('refused')
  t.notOk(view.isReady(target))
})

t.test('an app that does not answer in time is down', async (t) => {
  const { view, target, answers, nextCheck } = await watch(t)
  await nextCheck('ready')
  answers('nothing')
  const check = await nextCheck('unanswered')
  t.ok(check.endedAt - check.startedAt >= 140)
  t.notOk(view.isReady(target))
})

t.test('a path that is not required may be missing: whoever says so is there', async (t) => {
  const { view, target, answers, nextCheck } = await watch(t, { path: '/nowhere', required: false })
  t.match(await nextCheck('ready'), { status: 404 })
  t.ok(view.isReady(target))
  t.notOk(view.knowsReadiness())
  answers('nothing')
})

t.test('an error is no sign of a missing path, and nor is 404 once there was a good answer', async (t) => {
  const { view, answers, nextCheck } = await watch(t, { required: false })
  answers(503)
  t.match(await nextCheck('not-ready'), { status: 503 })
  answers(404)
  await nextCheck('ready')
  answers(204)
  await nextCheck('ready')
  while (!view.knowsReadiness()) await nextCheck('ready')
  answers(404)
  t.match(await nextCheck('not-ready'), { status: 404 })
})

t.test('headers are sent with each check', async () => {
  const server = createServer(({ headers }, response) => {
    response.writeHead(headers['x-tenant'] === 'beans' ? 200 : 503).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server
  const target = { name: 'app', host: '127.0.0.1', port }
  const view = startBalancerView({ targets: [target], path: '/', headers: { 'x-tenant': 'beans' } })
  await view.becomesReady(target)
  await view.stop()
  server.close()
})

t.test('a client that was refused knows before the next check', async (t) => {
  const { view, target, nextCheck } = await watch(t, { intervalMs: 60_000 })
  await nextCheck('ready')
  view.noteRefused(target)
  t.notOk(view.isReady(target))
})

t.test('becoming ready waits for a check that begins later', async (t) => {
  const { view, target, answers, nextCheck } = await watch(t)
  await nextCheck('ready')
  answers(503)
  const ready = view.becomesReady(target)
  await nextCheck('not-ready')
  let resolved = false
  void ready.then(() => (resolved = true))
  await nextCheck('not-ready')
  t.notOk(resolved)
  answers(200)
  await ready
  t.ok(view.isReady(target))
})

t.test('connections go to who is ready, else to who said nothing, else to anybody', async (t) => {
  const [left, right] = [await watch(t), await watch(t)]
  const targets = [left.target, right.target]
  const checks = new Map<Target, CheckResult>()
  let settled = (): void => {}
  const view = startBalancerView({
    targets,
    path: '/healthy',
    intervalMs: 10,
    timeoutMs: 150,
    onCheck(check) {
      checks.set(check.target, check.result)
      settled()
    },
  })
  t.teardown(view.stop)
  const seen = (first: CheckResult, second: CheckResult): Promise<void> =>
    new Promise((resolve) => {
      settled = () => {
        if (checks.get(left.target) === first && checks.get(right.target) === second) resolve()
      }
    })
  t.strictSame(view.candidates(), targets)
  await seen('ready', 'ready')
  t.strictSame(view.candidates(), targets)
  left.answers(503)
  await seen('not-ready', 'ready')
  t.strictSame(view.candidates(), [right.target])
  right.answers('nothing')
  await seen('not-ready', 'unanswered')
  t.strictSame(view.candidates(), [right.target])
  right.answers(503)
  await seen('not-ready', 'not-ready')
  t.strictSame(view.candidates(), targets)
})
