import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installedPackages } from '#src/cost/installed-packages.js'

t.test('it counts what an installation brings, each version once', async (t) => {
  const room = t.testdir({})
  const install = (path: string, version: string, dependencies: object, others: object = {}): void => {
    const directory = join(room, 'node_modules', path)
    mkdirSync(directory, { recursive: true })
    const name = path.split('node_modules/').at(-1)
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, version, dependencies, ...others }))
  }
  install('app', '1.0.0', { left: '*', right: '*' }, { peerDependencies: { framework: '*' } })
  install('left', '1.0.0', { shared: '1' }, { optionalDependencies: { 'only-on-windows': '*' } })
  install('right', '1.0.0', { shared: '2' })
  install('right/node_modules/shared', '2.0.0', { left: '*' })
  install('shared', '1.0.0', {})
  install('framework', '1.0.0', {})
  t.strictSame([...installedPackages('app', room)].sort(), [
    'app@1.0.0',
    'left@1.0.0',
    'right@1.0.0',
    'shared@1.0.0',
    'shared@2.0.0',
  ])
})
