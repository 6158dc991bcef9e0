import type { Finding } from '../finding.js'
import { readLaunch } from '../workloads/launch.js'
import type { Script } from '../workloads/model.js'
import { isDevServer, isFileForDevelopment, isForDevelopment, scriptOfLaunch } from '../workloads/scripts.js'
import { readShell } from '../workloads/shell.js'
import type { Rule } from './rule.js'

const forProduction = new Set(['start:prod', 'start:production', 'prod', 'production'])

/** What production runs by a script has the same things in front of node as a command may have. */
export const startScript: Rule = ({ model }) => {
  const run = new Set(
    model.containers.map(({ launch }) =>
      launch && !isFileForDevelopment(launch.at.file) ? scriptOfLaunch(launch, model.scripts) : undefined,
    ),
  )
  const withProduction = new Set(
    model.scripts.flatMap(({ name, at }) => (forProduction.has(name) ? at.file : [])),
  )
  return model.scripts.flatMap((script) => {
    const { name, at } = script
    // with one of its own for production, `start` is for development
    const isMeant = name === 'start' ? !withProduction.has(at.file) : forProduction.has(name)
    if (!isMeant && !run.has(script)) return []
    return isForDevelopment(name) || isDevServer(script) ? [] : check(script, run.has(script))
  })
}

function check({ name, text, at }: Script, isRun: boolean): readonly Finding[] {
  const { commands, operators } = readShell(text)
  const launch = readLaunch(['sh', '-c', text], at, 'text')
  const unwanted = launch.fronts.find(({ kind }) => kind === 'watcher' || kind === 'supervisor')
  const unsure = isRun ? '' : ', if production runs it'
  const finding = (message: string): Finding => ({
    code: 'start-script',
    severity: isRun ? 'warning' : 'note',
    at,
    message: `The script '${name}'${unsure}: ${message}.`,
    arithmetic: text.slice(0, 200),
    fix: `"${name}": "node server.js"`,
  })
  if (unwanted && !unwanted.name.startsWith('pm2'))
    return [finding(`${unwanted.name} stands between the signal and node`)]
  const node = commands.findIndex((words) => words[0] === 'node')
  if (node === -1) return []
  if (operators[node] === '&')
    return [finding('node runs in the background, and the shell in front of it does not pass SIGTERM on')]
  if (node > 0)
    return [
      {
        ...finding(`a shell stays in front of node for what comes before it, unless exec says otherwise`),
        fix: `"pre${name}": "…", "${name}": "node server.js"`,
      },
    ]
  return []
}
