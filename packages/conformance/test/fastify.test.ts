import { createSuite, fastify } from '@lastcall/conformance'
import t from 'tap'

t.jobs = 4

for (const { name, run } of createSuite(fastify)) t.test(name, (test) => run((text) => test.comment(text)))
