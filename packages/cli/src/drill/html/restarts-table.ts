import type { Recording } from '../observation/recording.js'
import type { DrillReport } from '../report.js'
import { formatExit } from '../text/format-exit.js'
import { formatMs, formatNumber } from '../text/format-number.js'
import { lossNames } from '../text/loss-names.js'
import { losses } from '../traffic/tally.js'
import type { Loss } from '../traffic/tally.js'
import { countLosses } from './loss-counts.js'
import { html } from './markup.js'
import type { Markup } from './markup.js'

/** A line for each restart, with a column for each kind of loss that there was. */
export function createRestartsTable({ traffic }: DrillReport, recordings: readonly Recording[]): Markup {
  const kinds = losses.filter((loss) => traffic.outcomes[loss] > 0)
  const columns = [
    'Exit',
    'SIGTERM to exit',
    'Start to ready',
    'Requests',
    'Lost',
    ...kinds.map((kind) => lossNames[kind]),
  ]
  const counts = recordings.map(countLosses)
  const elsewhere = traffic.lost - recordings.reduce((sum, { result }) => sum + result.lost, 0)
  const last = elsewhere > 0 ? createLastRow(elsewhere, columns.length) : undefined
  return html`<div class="wide" tabindex="0" role="group" aria-label="The restarts">
    <table>
      <thead>
        <tr>
          <th scope="col">Restart</th>
          ${columns.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${recordings.map((recording, index) => createRow(recording, kinds, counts[index]))}${last}
      </tbody>
    </table>
  </div>`
}

function createRow(
  { result }: Recording,
  kinds: readonly Loss[],
  counts: ReadonlyMap<Loss, number> | undefined,
): Markup {
  const { number, instance, stopMs, startMs, requests, lost, exitCode } = result
  const cell = (text: string, isBad = false): Markup =>
    html`<td${isBad ? html` class="bad"` : undefined}>${text}</td>`
  const lostCell = (count: number): Markup => cell(formatNumber(count), count > 0)
  return html`<tr>
    <th scope="row"><a href="#restart-${number}">${number}, ${instance}</a></th>
    ${[
      cell(formatExit(result), exitCode !== 0),
      cell(formatMs(stopMs)),
      cell(formatMs(startMs)),
      cell(formatNumber(requests)),
      lostCell(lost),
      ...kinds.map((kind) => lostCell(counts?.get(kind) ?? 0)),
    ]}
  </tr> `
}

function createLastRow(lost: number, columns: number): Markup {
  return html`<tr>
    <th scope="row">Between restarts</th>
    <td colspan="4"></td>
    <td class="bad">${formatNumber(lost)}</td>
    ${columns > 5 ? html`<td colspan="${columns - 5}"></td>` : undefined}
  </tr>`
}
