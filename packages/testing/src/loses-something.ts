import type { Test } from 'tap'

/**
 * A control: it loses requests. Once in a while everybody thinks at the moment of the signal, so it is run again until one
 * is lost. `run` starts a program anew, and resolves to what it lost.
 */
export async function losesSomething(t: Test, run: () => Promise<readonly string[]>): Promise<void> {
  for (let number = 1; number <= most; number += 1) {
    const lost = await run()
    if (lost.length === 0) continue
    t.pass(`${lost.length} lost in run ${number}: ${[...new Set(lost)].join(', ')}`)
    return
  }
  t.fail(`nothing lost in ${most} runs`)
}

const most = 10
