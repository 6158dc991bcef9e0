import { createSuite, core } from '@lastcall/conformance'
import t from 'tap'

t.jobs = 4

for (const { name, run } of createSuite(core)) t.test(name, (test) => run((text) => test.comment(text)))
