import { parseDuration } from '../parse/duration.js'
import type { Field } from '../parse/field.js'
import { list, text, type Located } from '../parse/located.js'
import { platformGraceMs } from './app-budget.js'
import { readLaunch, type Launch } from './launch.js'
import type { Container, Grace, Probe } from './model.js'
import { recogniseRuntime } from './runtime.js'
import { splitWords } from './shell.js'

/** A map of services, each with something that only Compose has. */
export const isCompose = (root: Field): boolean =>
  root.get('services')?.isMap === true &&
  (root.get('services')?.entries() ?? []).some(
    ([, service]) => service.isMap && known.some((key) => service.get(key) !== undefined),
  )

const known = [
  'image',
  'build',
  'command',
  'ports',
  'environment',
  'depends_on',
  'stop_grace_period',
  'extends',
]

export const readCompose = (root: Field): readonly Container[] =>
  (root.get('services')?.entries() ?? []).flatMap(([name, service]) =>
    service.isMap ? readService(name, service) : (service.reject('a map') ?? []),
  )

function readService(name: string, field: Field): Container {
  const image = field.get('image')?.text()
  const launch = readCommand(field)
  const env = readEnvironment(field.get('environment'))
  const ports = list(field.get('ports')).map((port) => ({ number: portOf(port) }))
  return {
    system: 'compose',
    name,
    ownName: name,
    at: field.at,
    image,
    runtime: recogniseRuntime({ launch, image, env, ports, ...(image === undefined ? {} : { name }) }),
    launch,
    env,
    grace: readGrace(field),
    probes: watches(field) ? readHealthcheck(field.get('healthcheck')) : {},
    ports,
    stopSignal: text(field.get('stop_signal')),
    hasInit: field.get('init')?.boolean() === true,
    // an override file, or a service that is defined elsewhere
    isPartial:
      (image === undefined && field.get('build') === undefined) || field.get('extends') !== undefined,
    restarts: restarts(field),
  }
}

function restarts(field: Field): boolean {
  const policy = field.get('restart')
  // YAML 1.1 would read a bare no as false
  return policy === undefined
    ? field.path('deploy', 'restart_policy') !== undefined
    : !['no', 'false'].includes(policy.text() ?? '')
}

/** A text is split into words, and no shell comes into it; `entrypoint` stands for the image's, and `command` for its CMD. */
function readCommand(field: Field): Launch | undefined {
  const entrypoint = field.get('entrypoint')
  const command = field.get('command')
  const first = entrypoint ?? command
  if (!first) return undefined
  const words = [entrypoint, command].flatMap((part) => (part ? wordsOf(part) : []))
  return words.length === 0 ? undefined : readLaunch(words, first.at, first.isList ? 'list' : 'text')
}

const wordsOf = (field: Field): readonly string[] =>
  field.isList ? field.items().flatMap((word) => word.text() ?? []) : splitWords(field.text() ?? '')

function readGrace(field: Field): Grace | undefined {
  const given = field.get('stop_grace_period')
  const written = given?.text()
  const ms = written === undefined ? undefined : parseDuration(written, 1_000)
  if (given && ms === undefined) {
    if (written !== undefined && !/[${]/.test(written)) given.reject('a duration such as 30s')
    return undefined
  }
  return {
    ms: ms ?? platformGraceMs('compose'),
    key: 'stop_grace_period',
    at: given?.at ?? field.at,
    given: given !== undefined,
    write: (wanted) => `stop_grace_period: ${Math.ceil(wanted / 1_000)}s`,
  }
}

function readEnvironment(field: Field | undefined): Container['env'] {
  const env = new Map<string, Located<string | undefined>>()
  if (field?.isList) {
    for (const item of field.items()) {
      const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(item.text() ?? '') ?? []
      if (name !== undefined) env.set(name, { value, at: item.at })
    }
    return env
  }
  for (const [name, value] of field?.entries() ?? []) env.set(name, { value: value.text(), at: value.at })
  return env
}

/** Proxies that take what Docker says of a container's health for its readiness. */
function watches(field: Field): boolean {
  const labels = field.get('labels')
  const names = labels?.isList
    ? labels.items().map((item) => item.text() ?? '')
    : (labels?.entries() ?? []).map(([name]) => name)
  return names.some((name) => name.startsWith('traefik.'))
}

/** With the defaults of Docker. */
function readHealthcheck(field: Field | undefined): { readiness?: Probe } {
  if (!field || field.get('disable')?.boolean() === true) return {}
  const duration = (key: string, otherwise: number): number =>
    parseDuration(field.get(key)?.text() ?? '') ?? otherwise
  return {
    readiness: {
      at: field.at,
      periodMs: duration('interval', 30_000),
      timeoutMs: duration('timeout', 30_000),
      failures: field.get('retries')?.number() ?? 3,
    },
  }
}

/** The container's own port, of `8080:80/tcp` or of the long form. */
function portOf(field: Field): number | undefined {
  if (field.isMap) return field.get('target')?.number()
  const [, port] = /(?<!\d)(\d+)(?:\/\w+)?$/.exec(field.text() ?? '') ?? []
  return port === undefined ? undefined : Number(port)
}
