import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Debian's packages, by the binary that each brings. */
const packages = { haproxy: 'haproxy', nginx: 'nginx-light' } as const

export type BalancerName = keyof typeof packages

export const balancerNames: readonly BalancerName[] = ['haproxy', 'nginx']

/** Debian keeps them where the search path of an ordinary user does not look. */
export function lookInSbin(): void {
  process.env['PATH'] = [process.env['PATH'], '/usr/sbin', '/usr/local/sbin'].join(delimiter)
}

/** Installs what is missing, as far as that is possible. Returns what is missing all the same. */
export function installMissing(names: readonly BalancerName[]): readonly BalancerName[] {
  const missing = names.filter((name) => !isInstalled(name))
  if (missing.length === 0 || process.getuid?.() !== 0) return missing
  const commands = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', ...missing.map((name) => packages[name])],
  ] as const
  for (const [command, ...args] of commands) {
    console.error(`> ${command} ${args.join(' ')}`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync(command, args, { env, stdio: ['ignore', process.stderr, process.stderr] })
  }
  return missing.filter((name) => !isInstalled(name))
}

export function explainMissing(missing: readonly BalancerName[]): string {
  const wanted = missing.map((name) => packages[name]).join(' ')
  return `${missing.join(' and ')} not found. On Debian: apt-get install ${wanted} (done by itself when run as root).`
}

function isInstalled(name: BalancerName): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
