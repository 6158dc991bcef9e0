import { isAlias, isMap, isNode, isPair, isSeq, parseAllDocuments, type Document, type Node } from 'yaml'
import type { Finding } from '../finding.js'
import { keyOf, rootField, type Field } from './field.js'
import type { Text } from './text.js'

export interface ParsedDocument {
  readonly root: Field
  /** What is wrong with it, of interest only if it is of a kind that is read. */
  readonly faults: readonly Finding[]
}

/** The documents of a YAML file; JSON is YAML. What cannot be understood is reported, the rest is read all the same. */
export function parseYaml(text: Text, report: (finding: Finding) => void): readonly ParsedDocument[] {
  // its own check for duplicate keys compares each with each, which takes minutes for a large map
  // a return alone ends a line, too; the parser takes it for text
  const documents = parseAllDocuments(text.content.replaceAll(/\r(?!\n)/g, '\n'), {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return ('empty' in documents ? [] : documents).flatMap((document) => {
    const [error] = document.errors
    if (error) {
      const [message = ''] = error.message.split(/ at line \d+, column \d+/)
      report({
        code: 'syntax',
        severity: 'error',
        at: text.at(error.pos[0]),
        message: `Not understood: ${message}.`,
      })
      return []
    }
    const faults: Finding[] = []
    const collect = (fault: Finding): void => void faults.push(fault)
    const root = rootField(document, { text, aliases: look(document, text, collect), report: once(collect) })
    return root ? { root, faults } : []
  })
}

/** Goes through a document once, without following any alias: an alias means the last anchor of that name before it. */
function look(document: Document, text: Text, report: (finding: Finding) => void): Map<Node, Node> {
  const aliases = new Map<Node, Node>()
  const anchors = new Map<string, Node>()
  const waiting: unknown[] = [document.contents]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (isPair(node)) waiting.push(node.value, node.key)
    if (!isNode(node)) continue
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target) aliases.set(node, target)
      continue
    }
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node)
    if (isMap(node)) reportDuplicates(node.items, text, report)
    // not spread into one call: there may be more items than a call takes
    if (isMap(node) || isSeq(node)) for (const item of node.items.toReversed()) waiting.push(item)
  }
  return aliases
}

function reportDuplicates(items: readonly unknown[], text: Text, report: (finding: Finding) => void): void {
  const seen = new Set<string>()
  for (const pair of items) {
    const key = isPair(pair) ? keyOf(pair) : undefined
    if (key === undefined || !isPair(pair)) continue
    if (seen.has(key) && key !== '<<') {
      const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
      const message = `The key '${key.slice(0, 80)}' is there twice: what counts depends on who reads it.`
      report({ code: 'duplicate-key', severity: 'warning', at: text.at(offset), message })
    }
    seen.add(key)
  }
}

/** Several rules read the same value. */
function once(report: (finding: Finding) => void): (finding: Finding) => void {
  const said = new Set<string>()
  return (finding) => {
    const key = JSON.stringify([finding.at, finding.code])
    if (said.has(key)) return
    said.add(key)
    report(finding)
  }
}
