import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** What a result depends on, one line. */
export function describeMachine(packages: readonly string[] = ['fastify']): string {
  const parts = [
    new Date().toISOString().slice(0, 10),
    `Node ${process.versions.node}`,
    ...packages.map((name) => `${name} ${installedVersion(name)}`),
    `HAProxy ${versionOf('haproxy') ?? 'none'}`,
    `nginx ${versionOf('nginx') ?? 'none'}`,
    `loopback, ${cpus().length} cores`,
  ]
  return parts.join(' · ')
}

/** Of a package that the bench depends on. It is read as a file, since not every package exports its manifest. */
export function installedVersion(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return version
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
