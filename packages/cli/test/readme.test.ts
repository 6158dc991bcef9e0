import { readFileSync } from 'node:fs'
import type { Option } from 'commander'
import t from 'tap'
import { createDrillCommand } from '#src/drill/command.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

t.test('its table has every option of the drill with its default, and no other', (t) => {
  const [, section = ''] = readme.split('\n## Options\n')
  const [table = ''] = section.split('\n## ')
  const listed = [...table.matchAll(/^\| (`--.+?`) \| (.+?) \|/gm)].flatMap(
    ([, names = '', defaults = '']) => {
      const values = defaults.split('`, `')
      return names.split(', ').map((name, place) => [unquote(name), unquote(values[place] ?? defaults)])
    },
  )
  const options = createDrillCommand().options.map((option) => [option.long, describe(option)])
  const known = new Map(listed.map(([name, value]) => [name, value]))
  t.strictSame(new Set(known.keys()), new Set(options.map(([long]) => long)))
  for (const [long = '', value] of options) {
    // what it posts has no text of its own
    if (long !== '--body') t.equal(known.get(long), value, long)
  }
  t.end()
})

function unquote(text: string): string {
  return text.replaceAll('`', '')
}

function describe(option: Option): string {
  const value: unknown = option.defaultValue
  if (typeof value === 'number') return value.toLocaleString('en').replace(',', ' ')
  if (typeof value === 'string') return value
  return option.isBoolean() ? 'off' : 'none'
}
