import t from 'tap'
import { answerLength } from '#src/cost/answer-length.js'

const head = 'HTTP/1.1 200 OK\r\nDate: today\r\ncontent-length: 2\r\n\r\n'

t.test('it is that of the head and the body', async (t) => {
  t.equal(answerLength(`${head}ok`), head.length + 2)
  t.equal(answerLength(head), head.length + 2)
})

t.test('it is not known before the head is complete', async (t) => {
  t.equal(answerLength(''), undefined)
  t.equal(answerLength(head.slice(0, -1)), undefined)
})

t.test('anything but a 200 of a length that is told is refused', async (t) => {
  t.throws(() => answerLength(head.replace('200 OK', '404 Not Found')), /404 Not Found/)
  t.throws(() => answerLength('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), /chunked/)
})
