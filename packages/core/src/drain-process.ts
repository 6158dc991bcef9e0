import { isBefore } from './phases.js'
import { preferably, type Member, type Registry } from './registry.js'
import type { Report } from './report.js'
import type { Timeline } from './timeline.js'

/**
 * Settles when nothing is in flight in any instance, or the time for it is up, with the report of each as far as it goes
 * by then.
 */
export async function whenProcessDrained(registry: Registry, timeline: Timeline): Promise<readonly Report[]> {
  // they wait for the others, and no longer than there is time; one that closes on its own has a deadline of its own
  const inStep = (): readonly Member[] => preferably([...registry.members], ({ keepsStep }) => keepsStep)
  const isOver = (): boolean => inStep().every(({ phase }) => !isBefore(phase, 'releasing'))
  await timeline.until(isOver)
  return [...registry.members].flatMap((member) => member.reportSoFar() ?? [])
}
