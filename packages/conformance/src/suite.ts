import { startApp, type App } from './app.js'
import type { Case, Scene } from './case.js'
import { cases as allCases } from './cases/index.js'
import { writeResult } from './results.js'
import type { Protocol, Subject } from './subject.js'

/** One test, for any runner: it rejects when the case does not hold, or when its control holds after all. */
export interface SuiteTest {
  readonly name: string
  readonly protocol: Protocol
  /** It is the same run without Last Call. */
  readonly isControl: boolean
  /** Nothing else may run in this process meanwhile. */
  readonly alone: boolean
  run(comment?: (text: string) => void): Promise<void>
}

/** No case takes longer, whatever hangs. */
const longestMs = 40_000

/**
 * Every case that the subject can be held to, over each of its protocols, and the control of each.
 * @example for (const { name, run } of createSuite(subject)) test(name, () => run())
 */
export function createSuite(subject: Subject, cases: readonly Case[] = allCases): SuiteTest[] {
  return cases
    .filter(({ needs }) => needs === undefined || subject.features?.includes(needs))
    .flatMap((one) =>
      one.protocols
        .filter((protocol) => subject.protocols.includes(protocol))
        .flatMap((protocol) => [testOf(subject, one, protocol), controlOf(subject, one, protocol)]),
    )
}

function testOf(subject: Subject, one: Case, protocol: Protocol): SuiteTest {
  return {
    name: `${one.name}, over ${protocol}`,
    protocol,
    isControl: false,
    alone: one.alone ?? false,
    async run(comment) {
      const failure = await attempt(subject, one, { protocol, comment })
      writeResult({
        subject: subject.name,
        protocol,
        name: one.name,
        kind: 'case',
        holds: failure === undefined,
      })
      if (failure) throw failure
    },
  }
}

function controlOf(subject: Subject, one: Case, protocol: Protocol): SuiteTest {
  const { kind = 'close', instead } = one.control
  return {
    name: `control: ${one.name}, over ${protocol}`,
    protocol,
    isControl: true,
    alone: one.alone ?? false,
    async run(comment) {
      const failure = await attempt(subject, one, { protocol, comment, control: kind })
      const [seen] = Object.entries(instead).find(([, pattern]) => pattern.test(failure?.message ?? '')) ?? []
      writeResult({ subject: subject.name, protocol, name: one.name, kind: 'control', seen })
      if (!failure) throw new Error(`it holds without Last Call too: ${kind}`)
      if (seen === undefined) throw new Error('the control fails for another reason', { cause: failure })
    },
  }
}

/** What the case threw. */
async function attempt(
  subject: Subject,
  one: Case,
  how: {
    protocol: Protocol
    comment: ((text: string) => void) | undefined
    control?: NonNullable<Case['control']['kind']>
  },
): Promise<Error | undefined> {
  const { protocol, control, comment = () => {} } = how
  const apps: App[] = []
  const scene: Scene = {
    protocol,
    comment,
    async start(wanted) {
      const app = await startApp(subject, { protocol, control }, wanted)
      apps.push(app)
      return app
    },
  }
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${longestMs} ms`)), longestMs)
  })
  try {
    await Promise.race([one.run(scene), tooLong])
    return undefined
  } catch (error) {
    if (!control) comment(apps.map((app) => app.output()).join('\n---\n'))
    return error as Error
  } finally {
    clearTimeout(timer)
    for (const app of apps) app.stop()
  }
}
