// A program that shuts down with the guardian that its argument names, and says what it cost: one line of JSON.
import type { Worker } from 'node:worker_threads'
import { createShutdown } from '@lastcall/core'

const guardian = process.argv[2] === 'worker' ? 'worker' : 'timer'
const shutdown = createShutdown({ guardian, logger: { info() {}, warn() {}, error() {} } })
const hold = shutdown.hold('job')
shutdown.ready()

const rss = (): number => process.memoryUsage.rss() / 1e6
let onlineMs = 0
let beganAt = 0
process.on('worker', (worker: Worker) => worker.on('online', () => (onlineMs = performance.now() - beganAt)))

// the rest of the start is over by then
setTimeout(() => {
  const before = rss()
  beganAt = performance.now()
  void shutdown.begin('measured', { exit: true })
  const beginMs = performance.now() - beganAt
  setTimeout(() => {
    console.log(JSON.stringify({ beginMs, onlineMs, before, added: rss() - before }))
    hold.release()
  }, 500)
}, 300)
