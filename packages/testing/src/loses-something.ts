import type { Test } from 'tap'
import type { Program } from './start-program.js'
import type { Address } from './strict-client.js'
import { stopUnderTraffic } from './traffic.js'

/**
 * The control of `losesNothing`: a program that answers '/orders' loses requests when SIGTERM comes under traffic. Once in a
 * while everybody thinks at that moment, so it is started again until it loses one.
 */
export async function losesSomething(
  t: Test,
  start: () => Promise<{ readonly program: Program; readonly address: Address }>,
): Promise<void> {
  for (let run = 1; run <= runs; run += 1) {
    const { program, address } = await start()
    const { lost } = await stopUnderTraffic(program, address)
    if (lost.length > 0) {
      t.pass(`${lost.length} lost in run ${run}`)
      return
    }
  }
  t.fail(`nothing lost in ${runs} runs`)
}

const runs = 10
