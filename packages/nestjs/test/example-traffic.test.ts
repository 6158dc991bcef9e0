import { fileURLToPath } from 'node:url'
import { startCommand } from '@lastcall/testing'
import type { DrillReport } from 'lastcall/drill'
import t from 'tap'
import { example } from './example.js'

t.jobs = 2

const lastcall = fileURLToPath(new URL('dist/main.js', import.meta.resolve('lastcall/package.json')))

for (const PLATFORM of ['express', 'fastify']) {
  t.test(`examples/nestjs on ${PLATFORM}: restarts under traffic lose nothing`, async (t) => {
    const { passed, findings, traffic } = await drill({ PLATFORM }, 2)
    t.ok(passed, `${traffic.requests} requests`, { findings })
  })

  t.test(`examples/nestjs on ${PLATFORM}, control: without the module it answers 500`, async (t) => {
    const { traffic } = await drill({ PLATFORM, CONTROL: '1' }, 1)
    t.ok(traffic.outcomes.serverError > 0, `${traffic.outcomes.serverError} of ${traffic.requests} requests`)
  })
}

/** What `lastcall drill` finds out about it, with time for a client that thinks for seconds, and for a database to stop on a busy machine. */
async function drill(env: Readonly<Record<string, string>>, restarts: number): Promise<DrillReport> {
  const options = ['--restarts', String(restarts), '--grace', '30000', '--json']
  const args = ['drill', ...options, '--', process.execPath, example]
  const { stdout } = await startCommand([process.execPath, lastcall, ...args], { env }).ended
  return JSON.parse(stdout) as DrillReport
}
