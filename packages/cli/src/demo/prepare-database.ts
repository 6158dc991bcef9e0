import { becomeReady } from '../drill/app/become-ready.js'
import { createInstance } from '../drill/app/instance.js'
import { orAborted } from '../drill/interruption/or-aborted.js'
import { defaultPaths } from '../drill/options.js'
import { startBalancerView } from '../drill/probes/balancer-view.js'

export interface PreparedDatabase {
  readonly directory: string
  remove(): Promise<void>
}

/** Runs the app once, so that its first start, which creates the database, is paid for once and not per instance. */
export async function prepareDatabase(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<PreparedDatabase> {
  const { ready: path } = defaultPaths
  const instance = await createInstance({ name: 'the first start', command, env, graceMs: 10_000 })
  const view = startBalancerView({ targets: [instance.target], path })
  try {
    instance.start()
    await orAborted(becomeReady({ instance, view, path, readyTimeoutMs: 60_000 }), signal)
    await orAborted(instance.stop(), signal)
  } catch (error) {
    await instance.dispose()
    throw error
  } finally {
    await view.stop()
  }
  return { directory: instance.directory, remove: instance.dispose }
}
