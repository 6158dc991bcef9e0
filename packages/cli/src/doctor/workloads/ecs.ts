import type { Field } from '../parse/field.js'
import { list } from '../parse/located.js'
import { platformGraceMs } from './app-budget.js'
import { readEnvList } from './env-list.js'
import { readLaunch } from './launch.js'
import type { Container, Grace } from './model.js'
import { recogniseRuntime } from './runtime.js'

/** A task definition as it is registered, or as AWS describes it. */
export const taskDefinition = (root: Field): Field | undefined => {
  const task = root.get('taskDefinition')
  const found = task?.isMap ? task : root
  return found.get('containerDefinitions')?.isList ? found : undefined
}

export function readTask(task: Field): readonly Container[] {
  const family = task.get('family')?.text() ?? 'task'
  const isFargate = list(task.get('requiresCompatibilities')).some(
    (one) => one.text()?.toUpperCase() === 'FARGATE',
  )
  return list(task.get('containerDefinitions')).flatMap((field) =>
    field.isMap ? readContainer(family, field, isFargate) : (field.reject('a map') ?? []),
  )
}

function readContainer(family: string, field: Field, isFargate: boolean): Container {
  const ownName = field.get('name')?.text() ?? 'unnamed'
  const image = field.get('image')?.text()
  const entrypoint = field.get('entryPoint')
  const command = field.get('command')
  const words = [...list(entrypoint), ...list(command)].flatMap((word) => word.text() ?? [])
  const first = entrypoint ?? command
  const launch = first && words.length > 0 ? readLaunch(words, first.at, 'list') : undefined
  const env = readEnvList(field.get('environment'))
  const ports = list(field.get('portMappings')).map((port) => ({
    number: port.get('containerPort')?.number(),
  }))
  return {
    system: 'ecs',
    name: `${family}/${ownName}`,
    ownName,
    at: field.at,
    image,
    runtime: recogniseRuntime({ launch, image, env, name: ownName, ports }),
    launch,
    env,
    grace: readGrace(field),
    probes: {},
    ports,
    hasInit: field.path('linuxParameters', 'initProcessEnabled')?.boolean() === true,
    isPartial: image === undefined,
    fargate: isFargate,
  }
}

function readGrace(field: Field): Grace {
  const given = field.get('stopTimeout')
  const seconds = given?.number()
  return {
    ms: seconds === undefined ? platformGraceMs('ecs') : seconds * 1_000,
    key: 'stopTimeout',
    at: given?.at ?? field.at,
    given: seconds !== undefined,
    write: (ms) => `"stopTimeout": ${Math.min(Math.ceil(ms / 1_000), longestStopTimeoutMs / 1_000)}`,
  }
}

/** What Fargate takes at most, and what ECS documents as the maximum. */
export const longestStopTimeoutMs = 120_000
