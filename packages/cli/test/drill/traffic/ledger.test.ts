import t from 'tap'
import { createLedger } from '#src/drill/traffic/ledger.js'

t.test('answered rows that are stored once are in order', async (t) => {
  const ledger = createLedger()
  const ids = [ledger.newId(), ledger.newId(), ledger.newId()]
  for (const id of ids) ledger.answered(id)
  const lists = [JSON.stringify(ids.slice(0, 1)), JSON.stringify(ids.slice(1))]
  t.strictSame(ledger.compare(lists), { answered: 3, missing: [], duplicates: [], storedUnanswered: 0 })
})

t.test('an answered row that is in no database is missing', async (t) => {
  const ledger = createLedger()
  const [kept, gone] = [ledger.newId(), ledger.newId()]
  ledger.answered(kept)
  ledger.answered(gone)
  t.strictSame(ledger.compare([kept]).missing, [gone])
})

t.test('a row is a duplicate in one database as well as across two', async (t) => {
  const ledger = createLedger()
  const [once, twice, spread] = [ledger.newId(), ledger.newId(), ledger.newId()]
  t.strictSame(ledger.compare([`${once} ${twice} ${twice} ${spread}`, spread]).duplicates, [twice, spread])
})

t.test('a row that was never answered may be stored, and is counted', async (t) => {
  const ledger = createLedger()
  const id = ledger.newId()
  t.strictSame(ledger.compare([id]), { answered: 0, missing: [], duplicates: [], storedUnanswered: 1 })
})

t.test('one id that begins with another is not taken for it', async (t) => {
  const ledger = createLedger()
  const ids = Array.from({ length: 12 }, () => ledger.newId())
  ledger.answered(ids[0] ?? '')
  t.strictSame(ledger.compare([`{"id":"${ids[10]}"}`]).missing, [ids[0]])
})

t.test('rows of another drill are not counted', async (t) => {
  const ledger = createLedger()
  t.equal(ledger.compare([createLedger().newId()]).storedUnanswered, 0)
})
