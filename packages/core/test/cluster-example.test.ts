import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  losesSomething,
  startProgram,
  type Ended,
  type Program,
  type ProgramOptions,
} from '@lastcall/testing'
import t, { type Test } from 'tap'
import { startCrowd, type Crowd } from './http/crowd.js'

const example = fileURLToPath(new URL('../../../examples/cluster/server.js', import.meta.url))
const workers = availableParallelism()

interface Running {
  readonly program: Program
  readonly crowd: Crowd
}

/** Clients of the example that go on to another server when it refuses them. */
async function start(t: Test, { env, ...options }: ProgramOptions = {}): Promise<Running> {
  const program = startProgram(t, [example], { ...options, env: { PORT: '0', ...env } })
  const port = Number((await program.line('listening on')).slice('listening on '.length))
  const next = createServer((_req, res) => res.end()).listen(0, '127.0.0.1')
  await once(next, 'listening')
  t.teardown(() => next.close())
  // an address, and no cast: it listens on a port
  const ports = [port, (next.address() as AddressInfo).port]
  const crowd = startCrowd({ ports, clients: 20, thinkMs: [0, 20], seed: 1 })
  await crowd.answeredEach(10, 'first')
  return { program, crowd }
}

/** Every worker, and then the primary, has finished everything. */
function checkClean(t: Test, { code, reports, log }: Ended): void {
  t.equal(code, 0)
  t.equal(reports.length, workers + 1)
  t.ok(reports.every(({ verdict }) => verdict === 'clean'))
  t.match(reports.at(-1)?.participants.items, [{ name: 'workers' }], 'the primary is the last')
  t.strictSame(
    log.filter(({ level }) => level !== 'info'),
    [],
  )
}

t.test('examples/cluster: SIGTERM loses nothing, and the primary outlives its workers', async (t) => {
  const { program, crowd } = await start(t)
  program.signal('SIGTERM')
  const ended = await program.ended
  t.strictSame((await crowd.stop()).lost, [])
  t.equal(crowd.tally.unavailable, 0)
  checkClean(t, ended)
})

t.test('a SIGTERM to the whole process group, which workers get twice, is the same', async (t) => {
  const { program, crowd } = await start(t, { detached: true })
  process.kill(-Number(program.child.pid), 'SIGTERM')
  const ended = await program.ended
  t.strictSame((await crowd.stop()).lost, [])
  t.equal(crowd.tally.unavailable, 0)
  checkClean(t, ended)
})

t.test('SIGHUP replaces one worker after the other, and loses nothing', async (t) => {
  const { program, crowd } = await start(t)
  program.signal('SIGHUP')
  await program.line('all workers are new')
  t.match(await crowd.stop(), { refused: 0, unavailable: 0 })
  t.strictSame(crowd.tally.lost, [])
  program.signal('SIGTERM')
  const { code, reports } = await program.ended
  t.equal(code, 0)
  t.equal(reports.length, 2 * workers + 1)
})

t.test('control: with a primary that exits at once requests are lost', async (t) => {
  await losesSomething(t, async () => {
    const { program, crowd } = await start(t, { env: { CONTROL: '1' } })
    program.signal('SIGTERM')
    await program.ended
    return (await crowd.stop()).lost
  })
})
