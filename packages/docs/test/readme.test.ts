import { readFileSync } from 'node:fs'
import { readmePrograms } from '@lastcall/testing'
import t from 'tap'
import { pathOf } from '#src/derived-files.js'

const read = (name: string): string => readFileSync(pathOf(name), 'utf8')

t.test('the programs of README.md are those of the packages, which their tests run', (t) => {
  const first = (name: string, language: 'js' | 'ts'): string =>
    readmePrograms(read(`packages/${name}/README.md`), language)[0] ?? ''
  t.strictSame(readmePrograms(read('README.md')), [
    first('fastify', 'js'),
    first('express', 'js'),
    first('core', 'js'),
  ])
  t.strictSame(readmePrograms(read('README.md'), 'ts'), [first('nestjs', 'ts')])
  t.end()
})
