import {
  core,
  createSuite,
  express4,
  hono,
  nestjs11,
  nestjs11OnFastify,
  type Subject,
  type SuiteTest,
} from '@lastcall/conformance'
import t from 'tap'
import { isTls } from '#src/subject.js'

/** How much is run: nothing is left out of `complete`, and more of `brief`, on other versions of Node, than by default. */
const scope = process.env['TEST_SCOPE'] ?? 'default'

const olderVersions = [express4, nestjs11, nestjs11OnFastify]

/** A test for each case that the subject is held to. */
export function holdTo(subject: Subject): void {
  // apps mostly wait
  t.jobs = 6
  for (const test of createSuite(subject).filter((one) => isWanted(subject, one)))
    t.test(`${subject.name}: ${test.name}`, { buffered: !test.alone }, (own) =>
      test.run((text) => own.comment(text)),
    )
}

function isWanted(subject: Subject, { isControl, protocol }: SuiteTest): boolean {
  if (scope === 'complete') return true
  // an example of an adapter, on the same drain as all
  if (subject === hono && (isControl || protocol !== 'http' || scope === 'brief')) return false
  // TLS is beneath the adapters
  const isBeneath = isTls(protocol) && subject !== core
  // that a case can fail has to be seen once: on one version of Node and of the framework
  if (isControl) return scope !== 'brief' && !isBeneath && !olderVersions.includes(subject)
  return scope !== 'brief' || !isBeneath
}
