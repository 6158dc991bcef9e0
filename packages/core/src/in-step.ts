import type { Deadlines } from './deadlines.js'
import { isBefore, type Phase } from './phases.js'
import type { Member, Registry } from './registry.js'
import type { Timeline } from './timeline.js'

/** How one instance keeps step with the others of a process-wide shutdown; alone, it waits for nobody. */
export interface InStep {
  /** For an instance that serves nothing: settles, saying so, when the slowest that serves has come to this phase. */
  follow(phase: Phase, deadlineAt: number): Promise<string> | undefined
  /** Nothing is in flight in any instance. */
  everyoneIsDrained(): boolean
  /** For the shared instance, whose resources everybody may use: settles when the others have released theirs and said so. */
  othersReported(deadlineAt: number): Promise<unknown> | undefined
  /** The shared instance releases after this one. */
  isFollowed(): boolean
}

export function keepStep(options: {
  registry: Registry
  timeline: Timeline | undefined
  deadlines: Deadlines
  serves: boolean
  isShared: boolean
}): InStep {
  const { timeline, deadlines, serves, isShared } = options
  const members = (): Member[] => (timeline ? [...options.registry.members] : [])
  return {
    follow(phase, deadlineAt) {
      const serving = members().filter((member) => member.serves)
      if (serves || !timeline || serving.length === 0) return undefined
      const reached = timeline.until(() => serving.every((member) => !isBefore(member.phase, phase)))
      return deadlines.within(reached, deadlineAt).then(() => 'those that serve went on')
    },
    everyoneIsDrained: () => members().every((member) => member.drained),
    othersReported(deadlineAt) {
      if (!timeline || !isShared) return undefined
      const others = members().filter((member) => !member.isShared)
      return deadlines.within(
        timeline.until(() => others.every((member) => member.report !== undefined)),
        deadlineAt,
      )
    },
    isFollowed: () => !isShared && members().some((member) => member.isShared && !member.released),
  }
}
