import type { Case } from '@lastcall/conformance'
import t from 'tap'
import { formatTable } from '#src/format-table.js'
import type { Result } from '#src/results.js'

const one: Case = {
  name: 'it holds',
  protocols: ['http', 'https'],
  run: async () => {},
  control: { instead: { 'resets it': /reset/, 'refuses it': /refused/ } },
}
const subject = { name: 'app', protocols: ['http', 'https', 'http2'], command: ['node'] } as const
const result = { subject: 'app', protocol: 'http', name: 'it holds' } as const

const cellsOf = (given: Partial<Case>, results: Result[], others: [string, Result[]][] = []): string[] => {
  const table = formatTable([{ ...one, ...given }], [subject], new Map([['20.0.0', results], ...others]))
  return (table.trimEnd().split('\n').at(-1) ?? '').split('|').map((cell) => cell.trim())
}

t.test(
  'a case that was not run is said to be so, and a protocol that it is not for is left empty',
  async (t) => {
    t.strictSame(cellsOf({}, []), ['', 'it holds', 'not run', 'not run', '', 'not run', ''])
  },
)

t.test('one that was run on some versions of Node only says on which', async (t) => {
  const holds: Result = { ...result, kind: 'case', holds: true }
  const others: [string, Result[]][] = [
    ['22.1.0', [holds]],
    ['24.0.0', []],
  ]
  t.match(cellsOf({}, [holds], others), ['', 'it holds', 'holds on 20, 22', 'not run'])
})

t.test('the last result of a case counts', async (t) => {
  const results: Result[] = [
    { ...result, kind: 'case', holds: false },
    { ...result, kind: 'case', holds: true },
    { ...result, protocol: 'https', kind: 'case', holds: false },
  ]
  t.match(cellsOf({}, results), ['', 'it holds', 'holds', '**no** on 20'])
})

t.test(
  'what the controls did is told in the order of the case, with the reason for their kind',
  async (t) => {
    const seen = (words: string): Result => ({ ...result, kind: 'control', seen: words })
    const control = { ...one.control, kind: 'exit', because: 'a close waits' } as const
    t.equal(
      cellsOf({ control }, [seen('refuses it'), seen('resets it'), seen('refuses it')]).at(-2),
      'an exit at once resets it, or refuses it (a close waits)',
    )
  },
)

t.test('what a subject does not have is not held against it', async (t) => {
  t.match(cellsOf({ needs: 'websockets' }, []), ['', 'it holds', 'not yet', 'not yet'])
})
