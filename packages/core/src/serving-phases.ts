import type { Budget } from './budget.js'
import type { Deadlines } from './deadlines.js'
import type { Draining } from './draining.js'
import type { InStep } from './in-step.js'
import type { Serving } from './serving.js'

/** The phases that are about traffic: what they ask of every server. Each settles with the reason why it ended. */
export interface ServingPhases {
  lameDuck(step: InStep, skipped: string | undefined): Promise<string>
  lastCall(step: InStep, skipped: string | undefined, endsAt: number): Promise<string>
}

export function createServingPhases(options: {
  servers: ReadonlySet<Serving>
  deadlines: Deadlines
  draining: Draining
  /** That of another instance may become its own. */
  budget: () => Budget
  lameDuckEndsAt: () => number
  drainDeadlineAt: () => number
}): ServingPhases {
  const { servers, deadlines, draining, budget, lameDuckEndsAt, drainDeadlineAt } = options
  return {
    async lameDuck(step, skipped) {
      const following = step.follow('last-call', drainDeadlineAt())
      if (following) return following
      if (skipped !== undefined) return `skipped: ${skipped}`
      const quiet = Promise.all([...servers].map((server) => server.lameDuck(budget().lameDuck)))
      return (await deadlines.within(quiet, lameDuckEndsAt())) ? 'quiet' : 'its maximum'
    },
    async lastCall(step, skipped, endsAt) {
      const told = Promise.all(
        [...servers].map((server) => server.lastCall(budget().lastCall, skipped !== undefined)),
      )
      // where the phase is skipped or cut short the listeners may still be closing: draining waits for them
      draining.waitFor(told)
      const following = step.follow('draining', drainDeadlineAt())
      if (following) return following
      if (skipped !== undefined) return `skipped: ${skipped}`
      return (await deadlines.within(told, endsAt)) ? 'everyone was told' : 'its maximum'
    },
  }
}
