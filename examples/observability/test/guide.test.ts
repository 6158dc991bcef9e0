import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

const guide = read('../../docs/guides/observability.md')
const blocks = [...guide.matchAll(/^```(?:js|yaml)\n(.*?)^```/gms)].map(([, code = '']) => code)
const files = readdirSync(new URL('..', import.meta.url)).filter((name) => /\.(js|yml)$/.test(name))

t.test('what the guide shows is what the example runs', (t) => {
  t.equal(blocks.length, 5)
  for (const code of blocks) {
    t.ok(
      files.some((name) => read(name).includes(code)),
      code.slice(0, 60),
    )
  }
  t.end()
})

t.test('the alerts and the guide name metrics that exist', (t) => {
  const names = new Set([...`${read('alerts.yml')}${guide}`.matchAll(/lastcall_\w+/g)].map(([name]) => name))
  t.equal(names.size, 5)
  for (const name of names) t.ok(read('metrics.js').includes(`'${name}'`), name)
  t.end()
})
