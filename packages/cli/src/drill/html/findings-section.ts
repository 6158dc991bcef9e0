import type { Finding } from '../checks/finding.js'
import { mergeAlike } from '../checks/merge-alike.js'
import { formatNumber } from '../text/format-number.js'
import { html } from './markup.js'
import type { Markup } from './markup.js'

type Verdict = Finding['verdict']

/** In the order in which they matter. */
const groups: readonly { readonly verdict: Verdict; readonly name: string; readonly sign: string }[] = [
  { verdict: 'failed', name: 'What failed', sign: '✕' },
  { verdict: 'warning', name: 'Warnings', sign: '!' },
  { verdict: 'unchecked', name: 'Could not be checked', sign: '?' },
  { verdict: 'passed', name: 'What holds', sign: '✓' },
]

/** What the drill found, by verdict: what needs attention is open, what holds beside it can be unfolded. */
export function createFindings(findings: readonly Finding[]): Markup {
  if (findings.length === 0) return html``
  return html`<section aria-labelledby="findings">
    <h2 id="findings">What was found</h2>
    ${groups.map(({ verdict, name, sign }) => {
      const own = findings.filter((finding) => finding.verdict === verdict)
      if (own.length === 0) return undefined
      const isOpen = verdict !== 'passed' || own.length === findings.length
      const open = isOpen ? html` open` : undefined
      const items = mergeAlike(own).map((finding) => createFinding(finding, sign))
      return html`<details class="findings ${verdict}" ${open}>
        <summary>
          <h3>${name}</h3>
          <span class="count">${formatNumber(own.length)}</span>
        </summary>
        <ul>
          ${items}
        </ul>
      </details> `
    })}
  </section>`
}

function createFinding({ code, title, evidence, advice }: Finding, sign: string): Markup {
  const lines = evidence.map((line) => html`<li>${formatCode(line)}</li>`)
  return html`<li>
    <span class="sign" aria-hidden="true">${sign}</span>
    <p class="title">${formatCode(title)} ${code.split(', ').map((one) => html`<code>${one}</code> `)}</p>
    ${
      lines.length > 0
        ? html`<ul class="evidence">
            ${lines}
          </ul>`
        : undefined
    }${advice === undefined ? undefined : html`<p class="advice"><b>What to do:</b> ${formatCode(advice)}</p>`}
  </li> `
}

/** What stands between backticks is code. */
function formatCode(text: string): readonly Markup[] {
  return text
    .split(/`([^`]*)`/)
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
