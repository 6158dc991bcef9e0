// Restarts examples/fastify under live traffic, with Last Call and without, and shows both side by side.
import { fileURLToPath } from 'node:url'
import { runDemo } from './demo/run-demo.js'
import { untilInterrupted } from './drill/interruption.js'
import { reportFailure } from './drill/report-failure.js'

const server = fileURLToPath(new URL('../../../examples/fastify/server.js', import.meta.url))

try {
  process.exitCode = (await untilInterrupted((signal) => runDemo([process.execPath, server], signal))) ? 0 : 1
} catch (error) {
  process.exitCode = reportFailure(error)
}
