import { createSuite, express, express4 } from '@lastcall/conformance'
import t from 'tap'

t.jobs = 4

for (const subject of [express, express4])
  for (const { name, alone, run } of createSuite(subject))
    t.test(`${subject.name}: ${name}`, { buffered: !alone }, (test) => run((text) => test.comment(text)))
