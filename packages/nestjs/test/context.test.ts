import t from 'tap'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

for (const { title, args } of versions) {
  t.test(
    `${title}: a standalone app runs its hooks on SIGTERM and ends, whatever is on a timer`,
    async (t) => {
      const program = startFixture(t, 'context', {}, args)
      await program.line('started')
      program.signal('SIGTERM')
      const { code, signal, lines, report, log } = await program.ended
      t.strictSame({ code, signal }, { code: 0, signal: null })
      t.strictSame(lines, [
        'started',
        'onModuleDestroy',
        'beforeApplicationShutdown',
        'onApplicationShutdown',
        'metrics released',
        'telemetry released',
      ])
      t.match(report, { verdict: 'clean' })
      t.ok(
        report?.phases.find(({ phase }) => phase === 'lame-duck')?.skipped,
        'nobody watches what serves nothing',
      )
      t.notOk(log.some(({ msg }) => msg.includes('something else listens')))
    },
  )
}
