import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The servers that npm does not bring, with the package of Debian that does. */
const packages = { 'redis-server': 'redis-server', 'nats-server': 'nats-server' } as const

/** Debian keeps some where the search path of an ordinary user does not look. */
const path = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']

/**
 * Where a server is, or why a test that needs it is skipped. Where LASTCALL_REQUIRE_SERVICES is 1, as in CI, there is no reason to:
 * it throws.
 */
export function findService(name: keyof typeof packages): {
  readonly binary: string
  readonly skip: string | false
} {
  const binary = path.map((folder) => join(folder, name)).find(isExecutable)
  if (binary !== undefined) return { binary, skip: false }
  const skip = `${name} is not installed; on Debian: apt-get install ${packages[name]}`
  if (process.env['LASTCALL_REQUIRE_SERVICES'] === '1') throw new Error(skip)
  return { binary: name, skip }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
