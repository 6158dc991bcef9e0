import { isAlias, isMap, isPair, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml'
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

/** Merges may go in circles. */
const mostMerges = 20

export function createField(given: unknown, source: Source, fallback: Place): Field | undefined {
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
      const found = find(node.items, key, source, 0)
      return found && child(found.value)
    },
    path(...keys) {
      let current: Field | undefined = field
      for (const key of keys) current = current?.get(key)
      return current
    },
    entries() {
      if (!isMap(node)) return field.reject('a map') ?? []
      return node.items.flatMap((pair) => {
        const key = keyOf(pair)
        const value = key === undefined ? undefined : child(pair.value)
        return key === undefined || value === undefined ? [] : [[key, value] as const]
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
      return isFilledIn(value) ? undefined : field.reject('a number')
    },
    boolean() {
      const value = isScalar(node) ? node.value : undefined
      if (typeof value === 'boolean') return value
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

function find(items: readonly unknown[], key: string, source: Source, depth: number): Pair | undefined {
  const pairs = items.filter(isPair)
  const own = pairs.findLast((pair) => keyOf(pair) === key)
  if (own || depth > mostMerges) return own
  for (const pair of pairs) {
    if (keyOf(pair) !== '<<') continue
    const merged = resolve(pair.value, source)
    for (const candidate of isSeq(merged) ? merged.items : [merged]) {
      const map = resolve(candidate, source)
      const found = isMap(map) ? find(map.items, key, source, depth + 1) : undefined
      if (found) return found
    }
  }
  return undefined
}

/** Something else puts the value in before anybody reads it: envsubst, Compose, a template. */
export const isFilledIn = (value: unknown): boolean =>
  typeof value === 'string' && /\$\{?\w|\{\{|^__\w+__$|^<.+>$/.test(value)

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
