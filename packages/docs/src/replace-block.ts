/** The text with other content between `<!-- name: … -->` and `<!-- /name -->`. */
export function replaceBlock(text: string, name: string, content: string): string {
  const block = new RegExp(`(^<!-- ${name}: .*? -->\\n)(.*?)(^<!-- /${name} -->$)`, 'ms')
  if (!block.test(text)) throw new Error(`there is no block '${name}'`)
  return text.replace(block, (_, start: string, __, end: string) => `${start}\n${content}\n\n${end}`)
}
