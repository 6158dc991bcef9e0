import { severities } from '../finding.js'
import type { Launch } from '../workloads/launch.js'
import type { Container } from '../workloads/model.js'
import {
  endsByItself,
  isDevServer,
  isFileForDevelopment,
  isForDevelopment,
  scriptOfLaunch,
} from '../workloads/scripts.js'
import { fixLaunch } from './fix-launch.js'
import { judgeFront } from './judge-front.js'
import type { Rule } from './rule.js'

/** Whoever is told to stop should be node: what stands in front of it may keep the signal, or leave before it. */
export const signalWrapper: Rule = ({ model }) =>
  model.containers.flatMap((container) => {
    const { launch } = container
    if (!launch || container.runtime !== 'node') return []
    const script = scriptOfLaunch(launch, model.scripts)
    if (script && isDevServer(script)) return []
    // production neither runs the one nor stops the other
    const isHarmless =
      isFileForDevelopment(launch.at.file) ||
      endsByItself(container.ownName) ||
      launch.fronts.some((front) => isForDevelopment(front.script) || endsByItself(front.script))
    const found = launch.fronts.flatMap((front) => judgeFront(front, container) ?? [])
    const worst = found.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))[0]
    if (!worst) return []
    const fix = fixLaunch(container, launch, model.scripts)
    return {
      code: 'signal-wrapper',
      severity: isHarmless ? 'note' : worst.severity,
      at: launch.at,
      message: `${container.name}: ${worst.message}.`,
      arithmetic: describeWay(container, launch),
      ...(fix === undefined ? {} : { fix }),
    }
  })

/** `init → npm → node` */
function describeWay(container: Container, { fronts, hasInit }: Launch): string {
  const init = hasInit || container.hasInit ? ['init'] : []
  // what a script runs in the end cannot be seen
  const end = fronts.some(({ kind }) => kind === 'script') ? '?' : 'node'
  return [...init, ...fronts.map(({ name }) => name), end].join(' → ')
}
