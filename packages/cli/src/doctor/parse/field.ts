import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Finding, Place } from '../finding.js'
import type { Text } from './text.js'

/** A value with its position, read as what it should be: `undefined` when it is absent, null, or something else, which is reported. */
export interface Field {
  readonly at: Place
  /** The value of a key, own or merged by `<<`; null counts as absent, as Kubernetes and Compose have it. */
  get(key: string): Field | undefined
  /** Follows keys from one map to the next. */
  path(...keys: readonly string[]): Field | undefined
  readonly isMap: boolean
  readonly isList: boolean
  entries(): readonly (readonly [key: string, value: Field])[]
  items(): readonly Field[]
  /** Of any scalar; a number or a boolean as it is written. */
  text(): string | undefined
  number(): number | undefined
  boolean(): boolean | undefined
  /** Says that the value cannot be used. */
  reject(wanted: string): undefined
}

/** What all fields of a document share. */
export interface Source {
  readonly text: Text
  readonly aliases: ReadonlyMap<Node, Node>
  report(finding: Finding): void
}

function createField(given: unknown, source: Source, fallback: Place): Field | undefined {
  const node = resolve(given, source)
  if (node === undefined || (isScalar(node) && node.value === null)) return undefined
  const at = node.range ? source.text.at(node.range[0]) : fallback
  // the place that is read counts, not that of an anchor elsewhere
  const own = isAlias(given) && given.range ? source.text.at(given.range[0]) : at
  const child = (value: unknown): Field | undefined => createField(value, source, own)
  const field: Field = {
    at: own,
    isMap: isMap(node),
    isList: isSeq(node),
    get(key) {
      if (!isMap(node)) return field.reject('a map')
      const found = find(node, key, source)
      return found && child(found.value)
    },
    path(...keys) {
      let current: Field | undefined = field
      for (const key of keys) current = current?.get(key)
      return current
    },
    entries() {
      if (!isMap(node)) return field.reject('a map') ?? []
      return [...allPairs(node, source)].flatMap(([key, pair]) => {
        const value = child(pair.value)
        return value === undefined ? [] : [[key, value] as const]
      })
    },
    items() {
      if (!isSeq(node)) return field.reject('a list') ?? []
      return node.items.flatMap((item) => child(item) ?? [])
    },
    text() {
      if (isScalar(node) && typeof node.value !== 'object')
        return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
      return field.reject('a text')
    },
    number() {
      const value = isScalar(node) ? node.value : undefined
      if (typeof value === 'number' && Number.isFinite(value)) return value
      return isFilledIn(value) || isPlaceholder(value) ? undefined : field.reject('a number')
    },
    boolean() {
      const value = isScalar(node) ? node.value : undefined
      if (typeof value === 'boolean') return value
      // of YAML 1.1, which Kubernetes and Compose read
      if (typeof value === 'string' && /^(?:y|yes|on|n|no|off)$/i.test(value)) return /^(?:y|on)/i.test(value)
      return isFilledIn(value) ? undefined : field.reject('true or false')
    },
    reject(wanted) {
      source.report({
        code: 'wrong-type',
        severity: 'error',
        at: own,
        message: `Expected ${wanted}, found ${describe(node)}.`,
      })
      return undefined
    },
  }
  return field
}

function resolve(given: unknown, source: Source): Node | undefined {
  // an alias never stands for another one
  const node = isAlias(given) ? source.aliases.get(given) : given
  return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined
}

function find(map: YAMLMap, key: string, source: Source): Pair | undefined {
  for (const { items } of mapAndMerged(map, source)) {
    const found = items.findLast((pair) => keyOf(pair) === key)
    if (found) return found
  }
  return undefined
}

/** Of every key the one that counts. */
function allPairs(map: YAMLMap, source: Source): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>()
  for (const { items } of mapAndMerged(map, source)) {
    const own = new Map(items.map((pair) => [keyOf(pair), pair]))
    for (const [key, pair] of own)
      if (key !== undefined && key !== '<<' && !pairs.has(key)) pairs.set(key, pair)
  }
  return pairs
}

/** A map and all it merges, nearest first and each once: they may go in circles, or multiply. */
function mapAndMerged(map: YAMLMap, source: Source): ReadonlySet<YAMLMap> {
  const maps = new Set([map])
  // a set hands out what is added while it is gone through
  for (const one of maps) for (const more of mergedBy(one, source)) maps.add(more)
  return maps
}

/** The maps that `<<` brings in: one, or a list of them. */
function mergedBy({ items }: YAMLMap, source: Source): readonly YAMLMap[] {
  return items.flatMap((pair) => {
    const node = keyOf(pair) === '<<' ? resolve(pair.value, source) : undefined
    const maps = isSeq(node) ? node.items.map((item) => resolve(item, source)) : [node]
    return maps.filter((map) => isMap(map))
  })
}

/** Something else puts the value in before anybody reads it: envsubst, Compose, a template. */
const isFilledIn = (value: unknown): boolean =>
  typeof value === 'string' && /\$\{?\w|\{\{|^__\w+__$|^<.+>$/.test(value)

/** `PORT`, as samples have it where a number is due: sed replaces it. */
const isPlaceholder = (value: unknown): boolean => typeof value === 'string' && /^[A-Z][A-Z\d_]*$/.test(value)

export function keyOf(pair: Pair): string | undefined {
  const { key } = pair
  return isScalar(key) && typeof key.value !== 'object' ? String(key.value) : undefined
}

function describe(node: Node): string {
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return 'a list'
  return isScalar(node) ? `'${String(node.value).slice(0, 40)}'` : 'something else'
}

/** The root of a document. */
export const rootField = (document: Document, source: Source): Field | undefined =>
  createField(document.contents, source, source.text.at(0))
