import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Everything that an installation of a package brings, itself included, as `name@version`; peer dependencies are the app's own. */
export function installedPackages(name: string, from: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (wanted: string, start: string): void => {
    const directory = findPackage(wanted, start)
    // an optional one that is not for this platform
    if (directory === undefined) return
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest
    const id = `${manifest.name}@${manifest.version}`
    if (found.has(id)) return
    found.add(id)
    const needed = { ...manifest.dependencies, ...manifest.optionalDependencies }
    for (const dependency of Object.keys(needed)) visit(dependency, directory)
  }
  visit(name, from)
  return found
}

/** Where Node finds it: in the nearest `node_modules`. Packages that export no manifest are found as well. */
function findPackage(name: string, start: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    try {
      return realpathSync(join(directory, 'node_modules', name))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    if (directory === dirname(directory)) return undefined
  }
}
