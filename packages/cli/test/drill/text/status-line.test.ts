import { Writable } from 'node:stream'
import t from 'tap'
import { createProgress } from '#src/drill/text/progress.js'
import { createStatusLine } from '#src/drill/text/status-line.js'
import { aRestart } from '../an-observed.js'

/** A stream that remembers what was written, and may pass for a terminal. */
function record(terminal: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  let written = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk)
      done()
    },
  })
  // what is used of a WriteStream
  const fake = Object.assign(stream, { isTTY: terminal, columns: 40 }) as unknown as NodeJS.WriteStream
  return { stream: fake, written: () => written }
}

const result = aRestart({ lost: 3, timeline: [] })

t.test('on a terminal one line is rewritten, and nothing stays', async (t) => {
  const { stream, written } = record(true)
  const line = createStatusLine(stream)
  line.show('first')
  line.log('never seen')
  line.show('second')
  line.clear()
  t.equal(written(), '\r\u001B[2Kfirst\r\u001B[2Ksecond\r\u001B[2K')
})

t.test(
  'a line that is too long for the terminal is cut, since a wrapped one cannot be rewritten',
  async (t) => {
    const { stream, written } = record(true)
    createStatusLine(stream).show('x'.repeat(100))
    t.equal(written(), `\r\u001B[2K${'x'.repeat(39)}`)
  },
)

t.test('elsewhere only what stays is printed', async (t) => {
  const { stream, written } = record(false)
  const line = createStatusLine(stream)
  line.show('never seen')
  line.log('one')
  line.clear()
  t.equal(written(), 'one\n')
})

t.test('without a terminal a drill prints its steps and a line per restart', async (t) => {
  const { stream, written } = record(false)
  const progress = createProgress(createStatusLine(stream))
  progress.onStep('starting the instances')
  progress.onStep('restart 1 of 10')
  progress.onRestart(result)
  progress.stop()
  t.equal(
    written(),
    'starting the instances\nrestart 1, instance 1: exit 0 after 2,949 ms, 3 of 2,000 requests lost\n',
  )
})

t.test('on a terminal a drill shows the step it is at', async (t) => {
  const { stream, written } = record(true)
  const progress = createProgress(createStatusLine(stream))
  progress.onStep('restart 1 of 10')
  progress.onRestart(result)
  progress.stop()
  t.equal(written(), '\r\u001B[2K0 s: restart 1 of 10\r\u001B[2K')
})
