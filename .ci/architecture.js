// What the layout promises, checked: exits 1 and says which promise is broken.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

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

const rooms = readRooms(readFileSync('docs/architecture.md', 'utf8'))
const known = new Set(repositoryFiles().flatMap(namesOf))
for (const { section, names } of rooms)
  for (const name of names)
    check(`what docs/architecture.md names is there: '${name}' of '${section}'`, known.has(name))
const namesIn = (section) => rooms.find((room) => room.section === section)?.names ?? []
for (const { file } of sources('packages/core/src')) {
  const section = file.startsWith('http/') ? 'core/http, room by room' : 'Core, room by room'
  check(
    `docs/architecture.md has every room of core: packages/core/src/${file} is missing in '${section}'`,
    namesIn(section).includes(basename(file, '.ts')),
  )
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

/** What the tables of files name in their first column, by the section that they stand in. */
function readRooms(page) {
  return page.split(/^## /m).map((text) => {
    const tables = text.matchAll(/^\|.*\| idea \|\n\|[-|]+\|\n((?:\|.*\n)+)/gm)
    const cells = [...tables].flatMap(([, rows]) => rows.split('\n').map((row) => row.split('|')[1] ?? ''))
    return {
      section: text.slice(0, text.indexOf('\n')),
      names: cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name)),
    }
  })
}

function repositoryFiles() {
  return execFileSync('git', [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    'packages',
    'examples',
    '.ci',
  ])
    .toString()
    .split('\n')
}

/** As the tables have it: `report`, `checks/lost`, `checks/`, `checks/*`, `alerts.yml`. */
function namesOf(file) {
  const parts = file.split('/')
  const whole = parts.map((_part, at) => parts.slice(at).join('/'))
  const folders = parts.flatMap((_part, end) =>
    parts.slice(0, end).flatMap((_start, at) => {
      const name = parts.slice(at, end).join('/')
      return [name, `${name}/`, `${name}/*`]
    }),
  )
  return [...whole, ...whole.map((name) => name.replace(/\.[a-z]+$/, '')), ...folders]
}
