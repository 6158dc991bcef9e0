import type { Finding } from '../finding.js'
import { parseDockerfile, type Stage } from '../parse/dockerfile.js'
import type { Text } from '../parse/text.js'
import { baseName, readLaunch, type Launch } from './launch.js'
import type { Container } from './model.js'
import { recogniseRuntime } from './runtime.js'

/** An image as its Dockerfile says it is run; how long it has to stop is said elsewhere. */
export function readDockerfile(text: Text, report: (finding: Finding) => void): Container | undefined {
  const stage = parseDockerfile(text, report)
  if (!stage) return undefined
  const launch = readStage(stage)
  const { image, env } = stage
  return {
    system: 'docker',
    name: baseName(text.file),
    ownName: baseName(text.file),
    at: stage.from.at,
    image,
    runtime: recogniseRuntime({ launch, image, env }),
    launch,
    env,
    probes: {},
    ports: [],
    stopSignal: stage.stopSignal,
    hasInit: false,
    isPartial: false,
  }
}

/** ENTRYPOINT and CMD make one command; an ENTRYPOINT for the shell takes no CMD. */
function readStage({ entrypoint, cmd }: Stage): Launch | undefined {
  const form = (entrypoint ?? cmd)?.value.isShell || cmd?.value.isShell ? 'shell' : 'list'
  if (!entrypoint) return cmd && readLaunch(cmd.value.words, cmd.at, form)
  if (entrypoint.value.isShell || !cmd) return readLaunch(entrypoint.value.words, entrypoint.at, form)
  const alone = readLaunch(entrypoint.value.words, entrypoint.at, 'list')
  const words = [...entrypoint.value.words, ...cmd.value.words]
  // where the entrypoint is an init and no more, it is the CMD that matters
  return readLaunch(words, alone.program.length === 0 ? cmd.at : entrypoint.at, form)
}
