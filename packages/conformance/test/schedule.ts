import * as fc from 'fast-check'

/** `ignored`: a body of 200 KB that the handler never looks at. */
export type Kind = 'get' | 'head' | 'post' | 'ignored' | 'held'

/** One step of a schedule; `client` is a connection of its own, opened when it is first needed. */
export type Step =
  | { readonly do: 'connect' | 'answer' | 'finish' | 'await' | 'abort'; readonly client: number }
  /** As many requests in one piece. */
  | { readonly do: 'send'; readonly client: number; readonly kinds: readonly Kind[] }
  /** So much of a request, in thousandths of its text. */
  | { readonly do: 'half'; readonly client: number; readonly kind: Kind; readonly part: number }
  | { readonly do: 'phase'; readonly phase: 'lame-duck' | 'last-call' | 'draining' }
  /** The loop of the app is busy when the next step is made. */
  | { readonly do: 'block'; readonly ms: number }

export interface Schedule {
  readonly lameDuck: false | { readonly minMs: number; readonly quietMs: number; readonly maxMs: number }
  readonly lastCall: false | { readonly maxMs: number; readonly idleMs: number }
  readonly before: readonly Step[]
  /** After the signal. */
  readonly after: readonly Step[]
  /** Whether what is half sent at the end stays so. */
  readonly stalls: boolean
}

const client = fc.nat(4)
const kind = fc.constantFrom<Kind[]>('get', 'head', 'post', 'ignored', 'held')

const clientStep = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('connect' as const), client }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      client,
      kinds: fc.array(kind, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('half' as const),
      client,
      kind,
      part: fc.integer({ min: 1, max: 999 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('finish' as const), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), client }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('await' as const), client }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), client }) },
)
const block = fc.record({ do: fc.constant('block' as const), ms: fc.constantFrom(20, 100, 250) })
const phase = fc.record({
  do: fc.constant('phase' as const),
  phase: fc.constantFrom<('lame-duck' | 'last-call' | 'draining')[]>('lame-duck', 'last-call', 'draining'),
})

const steps = (weightOfPhase: number, maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 12, arbitrary: clientStep },
      { weight: 2, arbitrary: block },
      { weight: weightOfPhase, arbitrary: phase },
    ),
    { maxLength },
  )

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  lameDuck: fc.constantFrom<Schedule['lameDuck'][]>(
    false,
    { minMs: 100, quietMs: 50, maxMs: 300 },
    { minMs: 300, quietMs: 50, maxMs: 400 },
  ),
  lastCall: fc.constantFrom<Schedule['lastCall'][]>(
    false,
    { maxMs: 200, idleMs: 50 },
    { maxMs: 600, idleMs: 200 },
  ),
  before: steps(0, 12),
  after: steps(4, 24),
  stalls: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})
