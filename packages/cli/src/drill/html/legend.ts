import type { Recording } from '../observation/recording.js'
import type { CheckResult } from '../probes/health-check.js'
import { html } from './markup.js'
import type { Markup } from './markup.js'
import { drawCheckMark, resultNames } from './rows/checks-row.js'

/** What the marks in the pictures mean; those that are in none of them are left out. */
export function createLegend(recordings: readonly Recording[]): Markup {
  const seen = new Set(
    recordings.flatMap(({ readiness, liveness, requests }) => [
      ...[...readiness, ...liveness].map(({ result }) => result),
      ...requests.map(({ method, outcome }) => (outcome === 'ok' ? method : 'lost')),
    ]),
  )
  const results = Object.keys(resultNames) as CheckResult[] // its keys are exactly these
  const checks = results
    .filter((result) => seen.has(result))
    .map((result) =>
      createEntry(
        html`<g class="checks"><g class="${result}">${drawCheckMark(result, 13, 4)}</g></g>`,
        `health check: ${resultNames[result]}`,
      ),
    )
  return html`<ul class="legend" aria-label="What the marks mean">
    ${[
      seen.has('GET')
        ? createEntry(html`<path class="GET" d="M2 8h22" />`, 'GET, from start to end')
        : undefined,
      seen.has('POST') ? createEntry(html`<path class="POST" d="M2 8h22" />`, 'POST') : undefined,
      seen.has('lost')
        ? createEntry(
            html`<path class="loss" d="M2 8H20M15.5 3.5l9 9m0 -9l-9 9" />`,
            'lost: point at it for more',
          )
        : undefined,
      ...checks,
    ]}
  </ul>`
}

function createEntry(mark: Markup, text: string): Markup {
  return html`<li>
    <svg aria-hidden="true" viewBox="0 0 26 16" width="26" height="16">${mark}</svg>${text}
  </li>`
}
