/** A fenced block of a Markdown file. */
export interface CodeBlock {
  /** Empty where none is given: output, pictures of characters. */
  readonly language: string
  readonly lines: readonly string[]
  /** Where it begins. */
  readonly line: number
}

/** All blocks, indented ones included; one that is not closed goes to the end. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { fence: string; language: string; line: number; lines: string[] } | undefined
  for (const [place, text] of [...markdown.split('\n'), undefined].entries()) {
    const [, fence = '', rest = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(text ?? '') ?? []
    if (open && (text === undefined || (fence.startsWith(open.fence) && rest.trim() === ''))) {
      blocks.push({ language: open.language, lines: open.lines, line: open.line })
      open = undefined
    } else if (open && text !== undefined) open.lines.push(text)
    else if (fence !== '')
      open = { fence, language: rest.trim().split(' ')[0] ?? '', line: place + 1, lines: [] }
  }
  return blocks
}
