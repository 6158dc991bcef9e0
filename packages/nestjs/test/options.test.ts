import { wrongOptions } from '@lastcall/testing'
import t from 'tap'
import { versions } from './frameworks.js'
import { startFixture } from './start-fixture.js'

for (const { title, args } of versions) {
  t.test(`${title}: every way to import the module`, async (t) => {
    const { lines, code, log } = await startFixture(t, 'ways-to-import', {}, args).ended
    const up = (key: string): string => JSON.stringify({ [key]: { status: 'up', phase: 'running' } })
    const down = JSON.stringify({ stop: { status: 'down', phase: 'stopped' } })
    t.strictSame(
      lines.filter((line) => !line.startsWith('[Nest]')),
      [
        ['plain', 'running'],
        ...['forRoot', 'useFactory', 'useClass', 'useExisting', 'twice', 'given'].map((way) => [
          way,
          'starting',
        ]),
      ].flatMap(([way, before]) => [
        `${way} ${before} ${up('shutdown')} ${way === 'given'}`,
        `${way} ${down}`,
      ]),
    )
    t.equal(code, 0)
    t.strictSame(
      log.filter(({ level }) => level === 'warn').map(({ msg }) => msg),
      ['ShutdownModule.forRoot() is imported more than once: the first one counts'],
    )
  })

  for (const [options, code, message] of wrongOptions) {
    t.test(`${title}: an app with ${JSON.stringify(options)} does not start`, async (t) => {
      const { lines } = await startFixture(t, 'wrong-options', { options }, args).ended
      t.strictSame(JSON.parse(lines.at(-1) ?? '[]'), [code, message])
    })
  }
}
