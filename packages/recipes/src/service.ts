import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Service {
  readonly binary: string
  /** Why tests that need it are skipped. */
  readonly skip: string | false
}

/**
 * A server that npm does not bring: tests that need it are skipped where it is not installed. Throws instead when
 * LASTCALL_REQUIRE_SERVICES is 1, as in CI.
 */
export function findService(
  name: 'redis-server' | 'nats-server',
  folders: readonly string[] = searchPath(),
): Service {
  const binary = folders.map((folder) => join(folder, name)).find(isExecutable)
  if (binary !== undefined) return { binary, skip: false }
  const skip = `${name} is not installed; on Debian: apt-get install ${name}`
  if (process.env['LASTCALL_REQUIRE_SERVICES'] === '1') throw new Error(skip)
  return { binary: name, skip }
}

/** Debian keeps some where the search path of an ordinary user does not look. */
const searchPath = (): string[] => [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
