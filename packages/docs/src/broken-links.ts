import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { pathOf } from './derived-files.js'

/** The links of a Markdown file of the repository that lead to no file, or to no heading of one. */
export function brokenLinks(name: string): readonly string[] {
  const links = [...withoutBlocks(read(name)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => !/^\w+:/.test(link)).filter((link) => !leads(name, link))
}

function leads(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const name = path === '' ? from : normalize(join(dirname(from), path))
  if (!existsSync(pathOf(name))) return false
  return anchor === undefined || !name.endsWith('.md') || anchorsOf(read(name)).has(anchor)
}

/** As GitHub makes them. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const anchor = words.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-')
    let free = anchor
    for (let count = 1; anchors.has(free); count += 1) free = `${anchor}-${count}`
    anchors.add(free)
  }
  return anchors
}

const withoutBlocks = (markdown: string): string => markdown.replaceAll(/^\s*```.*?^\s*```$/gms, '')

const read = (name: string): string => readFileSync(pathOf(name), 'utf8')
