import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { runDoctor } from '#src/doctor/run-doctor.js'

const examples = fileURLToPath(new URL('../../../../examples', import.meta.url))
const overlays = ['prestop-none', 'prestop-sleep', 'prestop-admin']
const shop = join(examples, 'kubernetes')

/** `<severity> <code>` of each finding, notes left out. */
const faults = async (...files: readonly string[]): Promise<readonly string[]> => {
  const { findings } = await runDoctor({ files })
  return findings
    .filter(({ severity }) => severity !== 'note')
    .map(({ severity, code }) => `${severity} ${code}`)
}

// The dependencies in its package.json make it certain that the container runs Last Call.
process.chdir(shop)

for (const [name, files] of Object.entries({
  compose: ['compose.yaml', '../kubernetes/Dockerfile'],
  ecs: ['task-definition.json'],
  kubernetes: [''],
  pm2: ['package.json'],
  systemd: ['orders.service'],
})) {
  t.test(`the doctor finds nothing wrong in examples/${name}`, async (t) => {
    t.strictSame(await faults(...files.map((file) => join(examples, name, file))), [])
  })
}

for (const overlay of overlays) {
  t.test(`nor in what kustomize makes of ${overlay}`, async (t) => {
    const file = fileOf(t, merge(overlay))
    t.strictSame(await faults(file, join(shop, 'Dockerfile')), [])
  })

  t.test(`which is what is merged here of ${overlay}`, { skip: noKubectl() }, (t) => {
    t.strictSame(byKind(build(overlay)), byKind(merge(overlay)))
    t.end()
  })
}

t.test('control: a grace period that is too short is found', async (t) => {
  const manifest = (path: string, seconds: number): string => {
    const text = readFileSync(join(shop, path), 'utf8')
    t.match(text, `terminationGracePeriodSeconds: ${seconds}`)
    return fileOf(t, text.replace(`Seconds: ${seconds}`, `Seconds: ${seconds - 5}`))
  }
  t.strictSame(await faults(manifest('base/deployment.yaml', 30)), ['error budget-over-grace'])
  t.strictSame(await faults(fileOf(t, shorter(t, 'ecs/task-definition.json', '"stopTimeout": 60', '55'))), [
    'error grace-env',
  ])
  t.strictSame(await faults(fileOf(t, shorter(t, 'compose/compose.yaml', 'stop_grace_period: 30s', '25s'))), [
    'error grace-env',
  ])
  t.strictSame(await faults(fileOf(t, shorter(t, 'systemd/orders.service', 'TimeoutStopSec=30', '25'))), [
    'error grace-env',
  ])
})

t.test('control: so is a hook that was forgotten in the grace period', async (t) => {
  const short = merge('prestop-sleep').replace('PeriodSeconds: 40', 'PeriodSeconds: 30')
  t.strictSame(await faults(fileOf(t, short)), ['error budget-over-grace'])
})

/** An example with another number behind the name. */
function shorter(t: Test, path: string, setting: string, value: string): string {
  const text = readFileSync(join(examples, path), 'utf8')
  t.match(text, setting)
  return text.replace(setting, setting.replace(/\d+s?$/, value))
}

function fileOf(t: Test, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastcall-examples-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const name = text.startsWith('{') ? 'task.json' : text.startsWith('[') ? 'api.service' : 'deploy.yaml'
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

interface Kustomization {
  readonly resources: readonly string[]
  readonly patches?: readonly { readonly path: string }[]
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
}

/** As kustomize does it, as far as the overlays need it: resources, and patches that are merged into them. */
function merge(overlay: string): string {
  const manifests = load(join(shop, 'overlays', overlay))
  return manifests.map((manifest) => stringify(manifest)).join('---\n')
}

function load(folder: string): readonly Manifest[] {
  const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'))
  // checked by what kubectl makes of it, where it is installed
  const { resources, patches = [] } = read('kustomization.yaml') as Kustomization
  const loaded = resources.flatMap((resource) =>
    resource.endsWith('.yaml') ? (read(resource) as Manifest) : load(join(folder, resource)),
  )
  return patches.reduce((manifests, { path }) => {
    const patch = read(path) as Manifest
    const isMeant = ({ kind, metadata }: Manifest): boolean =>
      kind === patch.kind && metadata.name === patch.metadata.name
    if (!manifests.some(isMeant)) throw new Error(`${path} patches nothing`)
    return manifests.map((manifest) => (isMeant(manifest) ? (merged(manifest, patch) as Manifest) : manifest))
  }, loaded)
}

/** Maps key by key, and lists of what has a name by that, as containers are. */
function merged(base: unknown, patch: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(patch)) {
    const of = (list: readonly unknown[], name: unknown): unknown =>
      list.find((item) => (item as { name?: unknown }).name === name)
    const names = [...new Set([...base, ...patch].map((item: { name?: unknown }) => item.name))]
    return names.map((name) => merged(of(base, name), of(patch, name)))
  }
  if (!isRecord(base) || !isRecord(patch)) return patch ?? base
  return {
    ...base,
    ...Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, merged(base[key], value)])),
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const byKind = (manifests: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    parseAllDocuments(manifests).map((document) => {
      const manifest = document.toJS() as Manifest
      return [manifest.kind, manifest]
    }),
  )

/** By itself, kubectl asks no cluster. */
function build(overlay: string): string {
  return execFileSync('kubectl', ['kustomize', join(shop, 'overlays', overlay)], { encoding: 'utf8' })
}

function noKubectl(): string | false {
  try {
    build('prestop-none')
    return false
  } catch {
    return 'kubectl is not installed'
  }
}
