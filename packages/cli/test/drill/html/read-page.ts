import { parse } from 'parse5'
import type { DefaultTreeAdapterTypes } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

/** Every element of a page with this name, or of which this holds, as a browser would find them. */
export function findAll(page: string, wanted: string | ((element: Element) => boolean)): readonly Element[] {
  const isWanted = typeof wanted === 'string' ? (element: Element) => element.tagName === wanted : wanted
  const search = (node: Node): readonly Element[] => [
    ...('tagName' in node && isWanted(node) ? [node] : []),
    ...('childNodes' in node ? node.childNodes.flatMap(search) : []),
  ]
  return search(parse(page))
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((one) => one.name === name)?.value
}

/** All text within it. */
export function textOf(node: Node | undefined): string {
  if (node === undefined) return ''
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}
