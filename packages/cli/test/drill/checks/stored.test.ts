import t from 'tap'
import { checkStored } from '#src/drill/checks/stored.js'
import { anObserved } from '../an-observed.js'

const rows = { answered: 600, missing: [], duplicates: [], storedUnanswered: 0 }

t.test('what is missing and what is there twice are two findings', async (t) => {
  const verdicts = (changed: object): unknown =>
    checkStored(anObserved({ rows: { ...rows, ...changed } })).map(({ code, verdict }) => [code, verdict])
  t.strictSame(verdicts({}), [
    ['stored-missing', 'passed'],
    ['stored-twice', 'passed'],
  ])
  t.strictSame(verdicts({ missing: ['a'] }), [
    ['stored-missing', 'failed'],
    ['stored-twice', 'passed'],
  ])
  t.strictSame(verdicts({ duplicates: ['a'] }), [
    ['stored-missing', 'passed'],
    ['stored-twice', 'failed'],
  ])
})

t.test('the first ids are named', async (t) => {
  const [finding] = checkStored(
    anObserved({ rows: { ...rows, missing: ['1', '2', '3', '4', '5', '6', '7'] } }),
  )
  t.equal(finding?.title, '7 of 600 confirmed POSTs stored nothing')
  t.strictSame(finding?.evidence, ['ids 1, 2, 3, 4, 5 and 2 more'])
})

t.test('what could not be read back is said, and nothing where nothing was posted', async (t) => {
  const unknown = { stored: 'GET /orders answers 404' }
  t.match(checkStored(anObserved({ rows: undefined, unknown })), [
    { code: 'stored-missing', verdict: 'unchecked', evidence: ['GET /orders answers 404'], advice: /--list/ },
    { code: 'stored-twice', verdict: 'unchecked' },
  ])
  const { traffic } = anObserved()
  t.strictSame(checkStored(anObserved({ rows: undefined, traffic: { ...traffic, posts: 0 } })), [])
})
