import * as fc from 'fast-check'
import t from 'tap'
import { releaseOrder, type Node } from '#src/release-order.js'

const node = (name: string, dependsOn?: readonly string[], leads = false): Node => ({
  name,
  dependsOn,
  leads,
})

/** For each name the names released before it, sorted. */
const waits = (nodes: readonly Node[]): Record<string, string[]> =>
  Object.fromEntries([...releaseOrder(nodes).waitsFor].map(([name, before]) => [name, [...before].sort()]))

t.test('plain registration order gives last in, first out', (t) => {
  t.strictSame(waits([node('a'), node('b'), node('c')]), { a: ['b', 'c'], b: ['c'], c: [] })
  t.end()
})

t.test('dependsOn: [] is independent of what was registered before', (t) => {
  t.strictSame(waits([node('a'), node('b', []), node('c', [])]), { a: [], b: [], c: [] })
  t.end()
})

t.test('one without dependsOn depends on independent ones before it', (t) => {
  t.strictSame(waits([node('a', []), node('b')]), { a: ['b'], b: [] })
  t.end()
})

t.test('an explicit edge wins over the order of registration', (t) => {
  t.strictSame(waits([node('app', ['pool']), node('pool')]), { app: [], pool: ['app'] })
  t.end()
})

t.test('an implied edge that would close a circle is left out, the others stay', (t) => {
  t.strictSame(waits([node('a', ['c']), node('b'), node('c')]), { a: ['b'], b: [], c: ['a'] })
  t.end()
})

t.test('a leader comes first, after only those that name it', (t) => {
  t.strictSame(waits([node('pool'), node('app', [], true), node('cache'), node('drain', ['app'])]), {
    pool: ['app', 'cache'],
    app: ['drain'],
    cache: ['app'],
    drain: [],
  })
  t.end()
})

t.test('circles are found with the path, the edge that closed them is dropped', (t) => {
  const { cycles, waitsFor } = releaseOrder([
    node('a', ['b']),
    node('b', ['c']),
    node('c', ['a', 'd']),
    node('d', []),
  ])
  t.strictSame(cycles, [['c', 'a', 'b', 'c']])
  t.strictSame([...(waitsFor.get('a') ?? [])], [])
  t.end()
})

t.test('one that depends on itself is a circle of one', (t) => {
  t.strictSame(releaseOrder([node('a', ['a'])]).cycles, [['a', 'a']])
  t.end()
})

t.test('names that nobody has are listed', (t) => {
  t.strictSame(releaseOrder([node('a', ['x', 'y']), node('b', ['x'])]).unknown, [
    { name: 'a', missing: 'x' },
    { name: 'a', missing: 'y' },
    { name: 'b', missing: 'x' },
  ])
  t.end()
})

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const someNames = fc.option(fc.subarray([...names, 'nobody'], { maxLength: 3 }), { nil: undefined })
const graphs = fc.shuffledSubarray(names, { minLength: 1 }).chain((chosen) =>
  fc.tuple(
    ...chosen.map((name) =>
      fc.record({
        name: fc.constant(name),
        dependsOn: someNames,
        leads: fc.boolean().map((leads) => leads && name === 'a'),
      }),
    ),
  ),
)

interface Edge {
  readonly from: string
  readonly to: string
}

const explicitEdges = (nodes: readonly Node[]): Edge[] =>
  nodes.flatMap(({ name, dependsOn = [] }) =>
    dependsOn.filter((to) => nodes.some((other) => other.name === to)).map((to) => ({ from: name, to })),
  )

const edgesOf = (waitsFor: ReadonlyMap<string, ReadonlySet<string>>): Edge[] =>
  [...waitsFor].flatMap(([to, before]) => [...before].map((from) => ({ from, to })))

/** Removes whoever depends on nobody until nothing changes; what is left goes in circles. */
function isAcyclic(edges: readonly Edge[]): boolean {
  const left = edges.filter(({ to }) => edges.some(({ from }) => from === to))
  return left.length === 0 || (left.length < edges.length && isAcyclic(left))
}

function reaches(edges: readonly Edge[], from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true
  seen.add(from)
  return edges.some((edge) => edge.from === from && !seen.has(edge.to) && reaches(edges, edge.to, to, seen))
}

t.test('the order of any graph can be followed: it has no circle', (t) => {
  fc.assert(fc.property(graphs, (nodes) => isAcyclic(edgesOf(releaseOrder(nodes).waitsFor))))
  t.end()
})

t.test('control: the explicit edges alone often go in circles', (t) => {
  const found = fc
    .sample(graphs, { numRuns: 200, seed: 1 })
    .filter((nodes) => !isAcyclic(explicitEdges(nodes)))
  t.ok(found.length > 20, `${found.length} of 200`)
  t.end()
})

t.test('circles are reported exactly where there are some, each along declared edges', (t) => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const { cycles, waitsFor } = releaseOrder(nodes)
      const declared = explicitEdges(nodes)
      if (isAcyclic(declared) !== (cycles.length === 0)) return false
      return cycles.every((path) => {
        const steps = path.slice(1).map((to, index) => ({ from: path[index], to }))
        const [first] = steps
        return (
          path.length > 1 &&
          path[0] === path.at(-1) &&
          new Set(path).size === path.length - 1 &&
          steps.every((step) => declared.some(({ from, to }) => from === step.from && to === step.to)) &&
          // the edge that closed it is the one that is left out
          !waitsFor.get(first?.to ?? '')?.has(first?.from ?? '')
        )
      })
    }),
  )
  t.end()
})

t.test('every declared edge is kept, but for one of each circle', (t) => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const { cycles, waitsFor } = releaseOrder(nodes)
      const dropped = explicitEdges(nodes).filter(({ from, to }) => !waitsFor.get(to)?.has(from))
      return dropped.length === cycles.length
    }),
  )
  t.end()
})

t.test('one without dependsOn closes before every earlier one, unless that would close a circle', (t) => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const { waitsFor } = releaseOrder(nodes)
      const edges = edgesOf(waitsFor)
      return nodes.every(
        ({ name, dependsOn }, index) =>
          dependsOn !== undefined ||
          nodes
            .slice(0, index)
            .every((earlier) => waitsFor.get(earlier.name)?.has(name) || reaches(edges, earlier.name, name)),
      )
    }),
  )
  t.end()
})

t.test('no edge is invented', (t) => {
  fc.assert(
    fc.property(graphs, (nodes) =>
      edgesOf(releaseOrder(nodes).waitsFor).every(({ from, to }) => {
        const index = nodes.findIndex(({ name }) => name === from)
        const { dependsOn, leads } = nodes[index] ?? node('')
        const implied = dependsOn === undefined && nodes.slice(0, index).some(({ name }) => name === to)
        return leads || implied || (dependsOn?.includes(to) ?? false)
      }),
    ),
  )
  t.end()
})
