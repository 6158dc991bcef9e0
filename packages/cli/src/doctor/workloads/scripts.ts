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
