// check-package.js FOLDER: whether an unpacked tarball has what a stranger needs, and nothing else. Says what is wrong, and exits 1.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)
const read = (file) => readFileSync(join(folder, file), 'utf8')
const manifest = JSON.parse(read('package.json'))
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
const wrong = []

for (const file of ['README.md', 'LICENSE']) check(files.includes(file), `no ${file}`)

const fields = [
  'description',
  'keywords',
  'license',
  'author',
  'homepage',
  'bugs',
  'repository',
  'engines',
  'exports',
  'sideEffects',
]
for (const field of fields) check(manifest[field] !== undefined, `no ${field} in package.json`)
const { directory } = manifest.repository ?? {}
check(existsSync(join(directory ?? '', 'src')), `package.json says that it is made in ${directory}`)

for (const file of files.filter((name) => !['README.md', 'LICENSE', 'package.json'].includes(name))) {
  check(/^dist\/[\w./-]+(\.js|\.d\.ts|\.js\.map)$/.test(file), `${file} does not belong there`)
  if (file.endsWith('.js')) check(files.includes(file.replace(/js$/, 'd.ts')), `${file} has no types`)
  if (file.endsWith('.map'))
    check(hasSources(JSON.parse(read(file))), `${file} points to sources that are not there`)
}

for (const each of wrong) console.error(`${manifest.name}: ${each}`)
if (wrong.length === 0) console.log(`${manifest.name}: ${files.length} files, as they should be`)
process.exitCode = wrong.length === 0 ? 0 : 1

function check(holds, otherwise) {
  if (!holds) wrong.push(otherwise)
}

function hasSources({ sources, sourcesContent = [] }) {
  return sources.every((_, place) => typeof sourcesContent[place] === 'string')
}
