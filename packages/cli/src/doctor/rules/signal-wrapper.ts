import { severities, type Finding } from '../finding.js'
import type { Front, Launch } from '../workloads/launch.js'
import type { Container, Model } from '../workloads/model.js'
import { imageName, shellReplacesItself } from '../workloads/runtime.js'
import {
  endsByItself,
  isDevServer,
  isFileForDevelopment,
  isForDevelopment,
  scriptOfLaunch,
} from '../workloads/scripts.js'
import { fixLaunch } from './fix-launch.js'
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
    const found = launch.fronts.flatMap((front) => judge(front, container) ?? [])
    const worst = found.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))[0]
    if (!worst) return []
    return toFinding(isHarmless ? { ...worst, severity: 'note' } : worst, container, launch, model)
  })

interface Judgement {
  readonly severity: Finding['severity']
  readonly message: string
}

function toFinding(
  { severity, message }: Judgement,
  container: Container,
  launch: Launch,
  model: Model,
): Finding {
  const fix = fixLaunch(container, launch, model.scripts)
  return {
    code: 'signal-wrapper',
    severity,
    at: launch.at,
    message: `${container.name}: ${message}.`,
    arithmetic: `${[...(launch.hasInit || container.hasInit ? ['init'] : []), ...launch.fronts.map(({ name }) => name)].join(' → ')} → ${launch.fronts.some(({ kind }) => kind === 'script') ? '?' : 'node'}`,
    ...(fix === undefined ? {} : { fix }),
  }
}

function judge(front: Front, container: Container): Judgement | undefined {
  const { kind, name } = front
  switch (kind) {
    case 'watcher':
      return {
        severity: 'warning',
        message: `${name} is for development: it restarts the app whenever a file changes, and decides itself how it ends`,
      }
    case 'supervisor':
      if (name.startsWith('pm2'))
        return {
          severity: 'note',
          message: `${name} stops the app itself and gives it kill_timeout, 1 600 ms unless it is set, whatever the grace period is`,
        }
      return {
        severity: 'warning',
        message: `${name} stands between the signal and node, and decides itself how its children end`,
      }
    case 'script':
      // that of node's own image does
      if (name === 'docker-entrypoint.sh' && imageName(container.image) === 'node') return undefined
      return {
        severity: 'note',
        message: `cannot tell whether ${name} hands over to node with exec, so that node gets the signal`,
      }
    case 'shell':
    case 'package-manager':
      return container.system === 'systemd' ? judgeUnit(front, container) : judgeShell(front, container)
  }
  return kind satisfies never
}

/** Process 1 ignores a signal that it has no handler for; elsewhere a shell dies of it, and whoever started it goes, too. */
function judgeShell(
  { kind, name, isLast }: Front,
  { image, launch, hasInit }: Container,
): Judgement | undefined {
  const lost =
    hasInit || launch?.hasInit
      ? 'the shell ends at once and node with it'
      : 'node never gets the signal, and SIGKILL ends it when the grace period is over'
  if (kind === 'shell') {
    if (isLast === false)
      return {
        severity: 'error',
        message: `${name} stays in front of node and does not pass SIGTERM on: ${lost}`,
      }
    const replaces = shellReplacesItself(name, image)
    if (replaces) return handsOver(name)
    if (replaces === false)
      return {
        severity: 'error',
        message: `${name} stays in front of node and does not pass SIGTERM on: ${lost}`,
      }
    return {
      severity: 'warning',
      message: `unless ${name} hands over to its last command, as bash and the ash of Alpine do and the dash of Debian does not, ${lost}`,
    }
  }
  if (name !== 'npm' && name !== 'npx')
    return {
      severity: 'warning',
      message: `${name} stands in front of node; whether the signal arrives, and with which exit code it ends, depends on its version and its shell`,
    }
  const replaces = shellReplacesItself('sh', image)
  if (replaces)
    return {
      severity: 'note',
      message: `${name} passes SIGTERM to its shell, which hands over to node in this image, and in those of Debian does not`,
    }
  const fate = `${name} passes SIGTERM to the shell that it runs the script in, which ends by it: the container is gone before node has finished`
  return {
    severity: replaces === false ? 'error' : 'warning',
    message: replaces === false ? fate : `where its shell is dash, as on Debian, ${fate}`,
  }
}

/** By default systemd signals every process of a unit, so node hears of it; but it is not the one that systemd started. */
function judgeUnit({ kind, name, isLast }: Front, { killMode }: Container): Judgement {
  if (kind === 'shell' && isLast && shellReplacesItself(name, undefined)) return handsOver(name)
  const mode = killMode?.value
  if (mode === 'mixed' || mode === 'process')
    return {
      // who is given the signal last depends on what the machine has as its shell
      severity: isLast === false ? 'error' : 'warning',
      message: `with KillMode=${mode} SIGTERM goes to ${name} alone, which stands in front of node`,
    }
  return {
    severity: 'warning',
    message: `systemd starts ${name} and not node, so the app does not see that it is its service (SYSTEMD_EXEC_PID) and takes 10 s instead of TimeoutStopSec; and when ${name} has ended the service counts as stopping`,
  }
}

const handsOver = (name: string): Judgement => ({
  severity: 'note',
  message: `${name} hands over to its last command here, and other shells do not: exec says so`,
})
