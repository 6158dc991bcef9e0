import type { Participant } from '../participants.js'
import type { Shutdown } from '../shutdown.js'

/** @internal Registers a participant of an adapter: several apps may share an instance, and names are unique. */
export function registerNumbered(shutdown: Shutdown, framework: string, participant: Participant): void {
  for (let count = 1; ; count += 1) {
    try {
      shutdown.register(count === 1 ? framework : `${framework} ${count}`, participant)
      return
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_LASTCALL_DUPLICATE') throw error
    }
  }
}
