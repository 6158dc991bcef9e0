import { dirname } from 'node:path'
import { baseName, withoutAssignments } from './launch.js'
import type { Launch } from './launch.js'
import type { Script } from './model.js'
import { readShell } from './shell.js'

/** The script of the package.json beside it that a command has a package manager run. */
export function scriptOfLaunch({ fronts, at }: Launch, scripts: readonly Script[]): Script | undefined {
  const name = fronts.find(({ kind }) => kind === 'package-manager')?.script
  if (name === undefined) return undefined
  return scripts.find((script) => script.name === name && dirname(script.at.file) === dirname(at.file))
}

/** By its name it is for development, so whoever runs it does not mean production. */
export const isForDevelopment = (name: string | undefined): boolean =>
  /(?:^|[:_-])(?:dev|develop|watch|debug|serve)/.test(name ?? '')

/** By its name it comes to an end by itself, so nobody stops it: a migration, a seed. */
export const endsByItself = (name: string | undefined): boolean =>
  /(?:^|[:_-])(?:migrat(?:e|ion|ions|or)|seed)(?:$|[:_-])/.test(name ?? '')

/** `docker-compose-dev.yml`, `Dockerfile.dev`: a file for development, by its name. */
export const isFileForDevelopment = (file: string): boolean =>
  /(?:^|[._-])(?:dev|devel|development|debug|local|test)(?:[._-]|$)/i.test(baseName(file))

const devServers = new Set(
  'react-scripts vite ng vue-cli-service webpack webpack-dev-server parcel craco storybook gatsby expo'.split(
    ' ',
  ),
)

/** A server for the files of a page being written: nobody waits for its requests. */
export const isDevServer = ({ text }: Script): boolean =>
  readShell(text).commands.some((words) => {
    const [program, ...rest] = withoutAssignments(words).filter(
      (word) => word !== 'npx' && word !== 'cross-env',
    )
    return (
      devServers.has(baseName(program)) ||
      (/^(?:next|nuxt|astro|nest)$/.test(program ?? '') && rest[0] === 'dev')
    )
  })
