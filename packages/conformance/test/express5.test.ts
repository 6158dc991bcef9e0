import { createSuite, express5 } from '@lastcall/conformance'
import t from 'tap'

t.jobs = 4

for (const { name, alone, run } of createSuite(express5))
  t.test(name, { buffered: !alone }, (test) => run((text) => test.comment(text)))
