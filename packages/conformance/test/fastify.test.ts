import { createSuite, fastify } from '@lastcall/conformance'
import t from 'tap'

t.jobs = 4

for (const { name, alone, run } of createSuite(fastify))
  t.test(name, { buffered: !alone }, (test) => run((text) => test.comment(text)))
