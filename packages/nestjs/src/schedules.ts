import type { Shutdown } from '@lastcall/core'
import { internalsOf, registerNumbered } from '@lastcall/core/http'
import type { ModulesContainer } from '@nestjs/core'

/** `SchedulerRegistry` of `@nestjs/schedule`, as far as it is needed. */
interface SchedulerRegistry {
  getCronJobs(): ReadonlyMap<string, { readonly isCallbackRunning?: boolean }>
  deleteCronJob(name: string): void
  getIntervals(): string[]
  deleteInterval(name: string): void
  getTimeouts(): string[]
  deleteTimeout(name: string): void
}

/** How often a run in progress is looked at, in ms: a cron job tells nobody when it has ended. */
const lookMs = 50

/**
 * From lame duck on no run of `@nestjs/schedule` starts, while Nest would stop them after the drain. Draining waits for cron
 * jobs with `waitForCompletion`; of others nobody can tell whether they run, so they take a hold for what must finish.
 */
export function stopSchedules(modules: ModulesContainer, shutdown: Shutdown): void {
  const { clock } = internalsOf(shutdown)
  for (const registry of registriesIn(modules)) {
    const jobs = new Set<{ readonly isCallbackRunning?: boolean }>()
    registerNumbered(shutdown, '@nestjs/schedule', {
      onLameDuck() {
        for (const job of registry.getCronJobs().values()) jobs.add(job)
        // deleted and not stopped: one with a delay would be started again
        for (const name of [...registry.getCronJobs().keys()]) registry.deleteCronJob(name)
        for (const name of registry.getIntervals()) registry.deleteInterval(name)
        for (const name of registry.getTimeouts()) registry.deleteTimeout(name)
      },
      async onDrain({ signal }) {
        while (!signal.aborted && [...jobs].some((job) => job.isCallbackRunning))
          await new Promise<void>((resolve) => void clock.after(lookMs, resolve, true))
      },
    })
  }
}

function registriesIn(modules: ModulesContainer): Set<SchedulerRegistry> {
  const found = new Set<SchedulerRegistry>()
  for (const { providers } of modules.values())
    for (const { metatype, instance } of providers.values())
      // by its name, and not imported: an app may do without the package
      if (typeof metatype === 'function' && metatype.name === 'SchedulerRegistry' && isRegistry(instance))
        found.add(instance)
  return found
}

const isRegistry = (instance: unknown): instance is SchedulerRegistry =>
  typeof (instance as Partial<SchedulerRegistry> | undefined)?.deleteCronJob === 'function'
