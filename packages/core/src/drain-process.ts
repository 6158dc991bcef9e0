import { isBefore } from './phases.js'
import type { Registry } from './registry.js'
import type { Report } from './report.js'
import type { Timeline } from './timeline.js'

/**
 * Settles when nothing is in flight in any instance, or the time for it is up, with the report of each as far as it goes
 * by then.
 */
export async function whenProcessDrained(registry: Registry, timeline: Timeline): Promise<readonly Report[]> {
  const isOver = (): boolean => {
    const members = [...registry.members]
    // they wait for the others, and no longer than there is time; one that closes on its own has a deadline of its own
    const inStep = members.filter(({ keepsStep }) => keepsStep)
    return (inStep.length > 0 ? inStep : members).every(({ phase }) => !isBefore(phase, 'releasing'))
  }
  await timeline.until(isOver)
  return [...registry.members].flatMap((member) => member.reportSoFar() ?? [])
}
