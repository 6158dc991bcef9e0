/** What one window uses. */
export type Take = () => Promise<number>

/**
 * Windows in turn: bare, this, this, bare, and so on. A machine that becomes slower or faster meets both alike, and both
 * have done the same at any time. Returns what each has used in all.
 */
export async function takeInTurn(
  bare: Take,
  other: Take,
  rounds: number,
): Promise<{ readonly bare: number; readonly own: number }> {
  const sum = { bare: 0, own: 0 }
  for (let round = 0; round < rounds; round++) {
    sum.bare += await bare()
    sum.own += (await other()) + (await other())
    sum.bare += await bare()
  }
  return sum
}
