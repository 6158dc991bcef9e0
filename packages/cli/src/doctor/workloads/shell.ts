/** What a shell is told to run: its commands in order, each as words. */
export interface ShellScript {
  readonly commands: readonly (readonly string[])[]
  /** What comes after each command: `&&`, `||`, `;`, `|`, `&`, or nothing. */
  readonly operators: readonly string[]
}

const token = /\s+|&&|\|\||[;|&\n]|(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s;|&\\"'])+|./gsu

/** Reads enough of the shell's language to know which commands there are; it does not expand anything. */
export function readShell(text: string): ShellScript {
  const commands: string[][] = []
  const operators: string[] = []
  let words: string[] = []
  const end = (operator: string): void => {
    if (words.length === 0) return
    commands.push(words)
    operators.push(operator)
    words = []
  }
  for (const [part] of text.matchAll(token)) {
    if (/^(?:&&|\|\||[;|&])$/.test(part) || (/^\s+$/.test(part) && part.includes('\n')))
      end(part.trim() || ';')
    else if (!/^\s+$/.test(part)) words.push(unquote(part))
  }
  end('')
  return { commands, operators }
}

/** As Compose and systemd take a command apart: words and quotes, no operators. */
export const splitWords = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s\\"'])+/gsu)].map(([word]) => unquote(word))

/** Quoted where a shell needs it. */
export const quoteWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

function unquote(word: string): string {
  return word.replaceAll(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gsu,
    (_all, double?: string, single?: string, bare?: string) =>
      double === undefined ? (single ?? bare ?? '') : double.replaceAll(/\\(["\\$`])/g, '$1'),
  )
}
