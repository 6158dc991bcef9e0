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
 * Explicit edges first, then those of leaders, then one from each participant without `dependsOn` to every earlier one;
 * an implied edge that would close a circle is left out.
 */
export function releaseOrder(nodes: readonly Node[]): ReleaseOrder {
  // x → y: x depends on y, so y is released after x
  const edges = new Map<string, Set<string>>(nodes.map(({ name }) => [name, new Set()]))
  const unknown: { name: string; missing: string }[] = []
  const cycles: string[][] = []

  const add = (from: string, to: string): readonly string[] | undefined => {
    if (edges.get(from)?.has(to)) return undefined
    const back = pathBetween(edges, to, from)
    if (back) return back
    edges.get(from)?.add(to)
    return undefined
  }

  for (const { name, dependsOn = [] } of nodes) {
    for (const needed of dependsOn) {
      if (!edges.has(needed)) unknown.push({ name, missing: needed })
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
  return { waitsFor: turnRound(edges), unknown, cycles }
}

/** A path along the edges, both ends included; undefined when there is none. */
function pathBetween(
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]])
  // a Map hands out what is added while it is walked: a breadth-first search without a queue
  for (const [name] of cameFrom) {
    if (name === to) return walkBack(cameFrom, to)
    for (const next of edges.get(name) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, name)
  }
  return undefined
}

function walkBack(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const path = [end]
  for (let at = cameFrom.get(end); at !== undefined; at = cameFrom.get(at)) path.unshift(at)
  return path
}

function turnRound(edges: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const turned = new Map<string, Set<string>>([...edges.keys()].map((name) => [name, new Set()]))
  for (const [from, targets] of edges) for (const to of targets) turned.get(to)?.add(from)
  return turned
}
