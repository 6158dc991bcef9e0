/** Text that is HTML or SVG already. */
export interface Markup {
  readonly markup: string
}

export type Part = string | number | Markup | undefined | readonly Part[]

/** Puts parts together as HTML or SVG: whatever is not `Markup` is escaped, and `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, index) => text + render(parts[index])).join('') }
}

/** The same for pictures, of which no formatter changes the white space. */
export const svg: typeof html = html

function render(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return 'markup' in part ? part.markup : part.map(render).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** As text or within quotes. Control characters, which no document may contain, show as U+FFFD. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(/[^\P{Cc}\t\n]/gu, '\uFFFD')
}
