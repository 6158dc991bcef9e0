import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'

/** What a result depends on, one line. */
export function describeMachine(): string {
  const require = createRequire(import.meta.url)
  const { version: fastify } = require('fastify/package.json') as { version: string }
  const parts = [
    new Date().toISOString().slice(0, 10),
    `Node ${process.versions.node}`,
    `fastify ${fastify}`,
    `HAProxy ${versionOf('haproxy') ?? 'none'}`,
    `nginx ${versionOf('nginx') ?? 'none'}`,
    `loopback, ${cpus().length} cores`,
  ]
  return parts.join(' · ')
}

function versionOf(binary: string): string | undefined {
  const { stdout, stderr } = spawnSync(binary, ['-v'], { encoding: 'utf8' })
  return /\d+\.\d+(\.\d+)?/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[0]
}

/** Starts to measure how much of the processors' time nobody used. Returns what tells the share so far. */
export function measureIdle(): () => number {
  const start = sumTimes()
  return () => {
    const now = sumTimes()
    return now.total === start.total ? 1 : (now.idle - start.idle) / (now.total - start.total)
  }
}

function sumTimes(): { idle: number; total: number } {
  let idle = 0
  let total = 0
  for (const { times } of cpus()) {
    idle += times.idle
    total += times.user + times.nice + times.sys + times.irq + times.idle
  }
  return { idle, total }
}
