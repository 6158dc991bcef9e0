import type { Place } from '../finding.js'
import type { Field } from '../parse/field.js'
import { list, text } from '../parse/located.js'
import { platformGraceMs } from './app-budget.js'
import { readEnvList } from './env-list.js'
import { readLaunch, type Launch } from './launch.js'
import type { Container, Grace, Port, Probe, ProbeKind } from './model.js'
import { readPreStop } from './pre-stop.js'
import { imageName, recogniseRuntime } from './runtime.js'

/** The containers of a pod; those that end before the app starts have nothing to say here. */
export function readContainers(workload: string, pod: Field | undefined, at: Place): readonly Container[] {
  const seconds = pod?.get('terminationGracePeriodSeconds')
  const value = seconds?.number()
  const grace: Grace = {
    ms: value === undefined ? platformGraceMs('kubernetes') : value * 1_000,
    key: 'terminationGracePeriodSeconds',
    at: seconds?.at ?? pod?.at ?? at,
    given: value !== undefined,
    write: (ms) => `terminationGracePeriodSeconds: ${Math.ceil(ms / 1_000)}`,
  }
  return list(pod?.get('containers')).flatMap((field) =>
    field.isMap ? readContainer(workload, field, grace) : (field.reject('a map') ?? []),
  )
}

function readContainer(workload: string, field: Field, grace: Grace): Container {
  const ownName = field.get('name')?.text() ?? 'unnamed'
  const image = field.get('image')?.text()
  const launch = readCommand(field, image)
  const env = readEnvList(field.get('env'))
  const ports = list(field.get('ports')).map(readPort)
  return {
    system: 'kubernetes',
    name: `${workload}/${ownName}`,
    ownName,
    at: field.at,
    image,
    runtime: recogniseRuntime({ launch, image, env, name: ownName, ports }),
    launch,
    env,
    grace,
    preStop: readPreStop(field.path('lifecycle', 'preStop')),
    probes: readProbes(field),
    ports,
    stopSignal: text(field.path('lifecycle', 'stopSignal')),
    hasInit: false,
    isPartial: image === undefined,
  }
}

/** `command` stands for the image's ENTRYPOINT, `args` for its CMD. */
function readCommand(field: Field, image: string | undefined): Launch | undefined {
  const command = field.get('command')
  const args = field.get('args')
  const words = [...list(command), ...list(args)].flatMap((word) => word.text() ?? [])
  const first = command ?? args
  if (!first || words.length === 0) return undefined
  // the entrypoint of node's own image hands over to its arguments; that of another may be a program they belong to
  if (!command && imageName(image) !== 'node') return undefined
  return readLaunch(words, first.at, 'list')
}

function readProbes(field: Field): Partial<Record<ProbeKind, Probe>> {
  const probes: Partial<Record<ProbeKind, Probe>> = {}
  for (const kind of ['readiness', 'liveness', 'startup'] as const) {
    const found = field.get(`${kind}Probe`)
    if (found?.isMap) probes[kind] = readProbe(found)
    else found?.reject('a map')
  }
  return probes
}

function readProbe(field: Field): Probe {
  const http = field.get('httpGet')
  const port = text(http?.get('port') ?? field.path('tcpSocket', 'port') ?? field.path('grpc', 'port'))
  const path = http ? (http.get('path')?.text() ?? '/') : undefined
  return {
    at: field.at,
    endpoint: port && `${path === undefined ? '' : `GET ${path} of `}port ${port.value}`,
    path,
    port,
    // the defaults of Kubernetes; 0 means the default, too
    periodMs: (field.get('periodSeconds')?.number() || 10) * 1_000,
    timeoutMs: (field.get('timeoutSeconds')?.number() || 1) * 1_000,
    failures: field.get('failureThreshold')?.number() || 3,
  }
}

function readPort(field: Field): Port {
  return { name: field.get('name')?.text(), number: field.get('containerPort')?.number() }
}
