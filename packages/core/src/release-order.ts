/** What the order of releasing is made from, in registration order. */
export interface Node {
  readonly name: string
  /** Closed after this one. undefined: everything registered before it. */
  readonly dependsOn: readonly string[] | undefined
  /** Released before everything but those that name it: an adapter, whose framework runs hooks that use the rest. */
  readonly leads: boolean
}

export interface ReleaseOrder {
  /** For each name, the names that have to be released before it. */
  readonly waitsFor: ReadonlyMap<string, ReadonlySet<string>>
  /** `dependsOn` that names nobody. */
  readonly unknown: readonly { readonly name: string; readonly missing: string }[]
  /** Circles of explicit edges, each as a path that ends where it starts. The edge that closed it is left out. */
  readonly cycles: readonly (readonly string[])[]
}

/**
 * Explicit dependences first, then those of leaders, then one of each participant without `dependsOn` on every earlier one;
 * an implied one that would close a circle is left out.
 */
export function releaseOrder(nodes: readonly Node[]): ReleaseOrder {
  const waitsFor = new Map<string, Set<string>>(nodes.map(({ name }) => [name, new Set()]))
  const unknown: { name: string; missing: string }[] = []
  const cycles: string[][] = []

  /** `from` depends on `to`, which is released after it. Returns the path back, where that closes a circle. */
  const add = (from: string, to: string): readonly string[] | undefined => {
    const before = waitsFor.get(to)
    if (before?.has(from)) return undefined
    const back = pathBack(waitsFor, from, to)
    if (!back) before?.add(from)
    return back
  }

  for (const { name, dependsOn = [] } of nodes) {
    for (const needed of dependsOn) {
      if (!waitsFor.has(needed)) unknown.push({ name, missing: needed })
      else {
        const back = add(name, needed)
        if (back) cycles.push([name, ...back])
      }
    }
  }
  for (const { name, leads } of nodes) {
    if (leads) for (const other of nodes) if (other.name !== name) add(name, other.name)
  }
  for (const [index, { name, dependsOn }] of nodes.entries()) {
    if (!dependsOn) for (const earlier of nodes.slice(0, index)) add(name, earlier.name)
  }
  return { waitsFor, unknown, cycles }
}

/** How `to` depends on `from` already, from the one to the other; undefined when it does not. */
function pathBack(
  waitsFor: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): string[] | undefined {
  const needs = new Map<string, string | undefined>([[from, undefined]])
  // a Map hands out what is added while it is walked: a breadth-first search without a queue
  for (const [name] of needs)
    for (const dependent of waitsFor.get(name) ?? []) if (!needs.has(dependent)) needs.set(dependent, name)
  if (!needs.has(to)) return undefined
  const path: string[] = []
  for (let at: string | undefined = to; at !== undefined; at = needs.get(at)) path.push(at)
  return path
}
