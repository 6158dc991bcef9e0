import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { createProcess } from './instance.js'

t.test(
  'each change of phase is a message on lastcall.phase, the report one on lastcall.report',
  async (t) => {
    const { clock, create } = createProcess()
    const shutdown = create()
    const messages: unknown[] = []
    const listen = (message: unknown, name: string | symbol): void => void messages.push([name, message])
    for (const name of ['lastcall.phase', 'lastcall.report']) {
      subscribe(name, listen)
      t.teardown(() => unsubscribe(name, listen))
    }
    shutdown.ready()
    const report = await clock.runUntil(shutdown.begin('test'))
    t.equal(messages.length, 7)
    const phases = ['running', 'lame-duck', 'last-call', 'draining', 'releasing', 'stopped']
    for (const [index, phase] of phases.entries()) {
      const [name, message] = messages[index] as [string, { phase: string; shutdown: unknown }]
      t.equal(name, 'lastcall.phase')
      t.equal(message.phase, phase)
      t.equal(message.shutdown, shutdown)
    }
    const [name, message] = messages[6] as [string, unknown]
    t.equal(name, 'lastcall.report')
    t.equal(message, report)
  },
)
