import { createSuite, express4 } from '@lastcall/conformance'
import t from 'tap'

t.jobs = 4

for (const { name, alone, run } of createSuite(express4))
  t.test(name, { buffered: !alone }, (test) => run((text) => test.comment(text)))
