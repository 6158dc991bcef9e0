// Restarts an example under live traffic, with Last Call and without, and shows both side by side.
import { demoApps } from './demo/apps.js'
import { runDemo } from './demo/run-demo.js'
import { DrillError } from './drill/drill-error.js'
import { untilInterrupted } from './drill/interruption/interruption.js'
import { reportFailure } from './drill/text/report-failure.js'

try {
  const [name = 'fastify'] = process.argv.slice(2)
  const app = demoApps.get(name)
  if (!app) throw new DrillError(`there is no demo '${name}', but: ${[...demoApps.keys()].join(', ')}`)
  process.exitCode = (await untilInterrupted((signal) => runDemo(app, signal))) ? 0 : 1
} catch (error) {
  process.exitCode = reportFailure(error)
}
