import { createSuite, type Subject } from '@lastcall/conformance'
import t from 'tap'

/** A test for each case that the subject is held to. */
export function holdTo(subject: Subject): void {
  // apps mostly wait
  t.jobs = 4
  for (const { name, alone, run } of createSuite(subject))
    t.test(`${subject.name}: ${name}`, { buffered: !alone }, (test) => run((text) => test.comment(text)))
}
