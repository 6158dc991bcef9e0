import type { Recording } from '../observation/recording.js'
import type { DrillReport } from '../report.js'
import { createFindings } from './findings-section.js'
import { createLegend } from './legend.js'
import { html } from './markup.js'
import type { Origin } from './origin.js'
import { createRestartSection } from './restart-section.js'
import { createRestartsTable } from './restarts-table.js'
import { styles } from './styles.js'
import { createHeader } from './verdict-header.js'

export interface PageOptions {
  readonly report: DrillReport
  readonly recordings: readonly Recording[]
  readonly origin: Origin
}

/** Tooltips of all losses together would be megabytes where everything fails. */
const mostTitles = 3_000

/** One drill as one HTML document that needs nothing else: no script, no style sheet, no picture, no font. */
export function createPage({ report, recordings, origin }: PageOptions): string {
  const { passed, options, restarts } = report
  const each = Math.floor(mostTitles / Math.max(1, restarts.length * 2))
  const [worst, ...others] = sortByCost(recordings)
  const createSection = (recording: Recording) =>
    createRestartSection({
      recording,
      graceMs: options.graceMs,
      mostTitles: each,
      isOpen: recording === worst,
    })
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${passed ? 'Passed' : 'Failed'}: graceful shutdown drill</title>
        <style>
          ${styles}
        </style>
      </head>
      <body>
        <main>
          ${createHeader(report, origin)} ${createFindings(report.findings)}
          <section aria-labelledby="timeline">
            <h2 id="timeline">What each restart looked like</h2>
            ${createLegend(recordings)}
            ${[worst, ...others].map((recording) => recording && createSection(recording))}
          </section>
          <section aria-labelledby="restarts">
            <h2 id="restarts">The restarts in numbers</h2>
            ${createRestartsTable(report, recordings)}
          </section>
        </main>
      </body>
    </html> `
  return page.markup
}

/** The worst one first, the others as they followed each other. */
function sortByCost(recordings: readonly Recording[]): readonly Recording[] {
  const badness = ({ result }: Recording): readonly number[] => [
    result.lost,
    result.forced ? 1 : 0,
    result.exitCode === 0 ? 0 : 1,
    result.stopMs,
  ]
  const [worst] = recordings.toSorted((a, b) => compare(badness(b), badness(a)))
  return worst ? [worst, ...recordings.filter((recording) => recording !== worst)] : []
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
