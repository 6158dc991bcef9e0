// What the layout promises, checked: exits 1 and says which promise is broken.
import { readdirSync, readFileSync } from 'node:fs'

const core = JSON.parse(readFileSync('packages/core/package.json', 'utf8'))
const adapters = readdirSync('packages').filter(
  (name) => !['core', 'cli', 'bench', 'conformance', 'docs', 'nest-11', 'recipes', 'testing'].includes(name),
)
const broken = []

check('the lock file names no host', !/https?:\/\//.test(readFileSync('pnpm-lock.yaml', 'utf8')))

check(
  'core has no dependency',
  ['dependencies', 'peerDependencies', 'optionalDependencies'].every((kind) => core[kind] === undefined),
)

const [versionedTogether] = JSON.parse(readFileSync('.changeset/config.json', 'utf8')).fixed
const publicNames = readdirSync('packages')
  .map((name) => JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8')))
  .filter((manifest) => manifest.private !== true)
  .map(({ name }) => name)
check('what is published has one version', publicNames.sort().join() === versionedTogether.join())

for (const { file, specifiers } of sources('packages/core/src')) {
  if (file.startsWith('http/')) continue
  const wrong = specifiers.find((name) => /^(node:)?https?2?$|^\.\/http\//.test(name))
  check(`core knows no protocol: packages/core/src/${file} imports ${wrong}`, wrong === undefined)
}

const ours = readdirSync('packages').map((name) => `@lastcall/${name}`)
for (const { file, specifiers } of sources('packages/testing/src')) {
  const wrong = specifiers.find((name) => ours.includes(name.split('/').slice(0, 2).join('/')))
  check(
    `testing knows no package of ours: packages/testing/src/${file} imports ${wrong}`,
    wrong === undefined,
  )
}

for (const published of ['core', 'cli', ...adapters]) {
  for (const { file, specifiers } of sources(`packages/${published}/src`)) {
    check(
      `what is published needs no tests: packages/${published}/src/${file} imports @lastcall/testing`,
      !specifiers.includes('@lastcall/testing'),
    )
  }
}

for (const adapter of adapters) {
  const others = adapters.filter((name) => name !== adapter).map((name) => `@lastcall/${name}`)
  for (const { file, specifiers } of sources(`packages/${adapter}/src`)) {
    const wrong = specifiers.find((name) => others.includes(name))
    check(
      `adapters never import each other: packages/${adapter}/src/${file} imports ${wrong}`,
      wrong === undefined,
    )
  }
}

for (const promise of broken) console.error(`broken: ${promise}`)
process.exitCode = broken.length === 0 ? 0 : 1

function check(promise, holds) {
  if (!holds) broken.push(promise)
}

function sources(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, specifiers: imports(readFileSync(`${folder}/${file}`, 'utf8')) }))
}

function imports(source) {
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1])
}
