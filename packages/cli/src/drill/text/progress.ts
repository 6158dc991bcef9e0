import type { DrillEvents } from '../drill-events.js'
import type { Tally } from '../traffic/tally.js'
import type { Traffic } from '../traffic/traffic.js'
import { formatExit } from './format-exit.js'
import { formatMs, formatNumber } from './format-number.js'
import type { StatusLine } from './status-line.js'

export interface Progress extends Required<Omit<DrillEvents, 'recorder'>> {
  stop(): void
}

/** Shows how a drill goes: one line rewritten on a terminal, else a line per restart. */
export function createProgress(line: StatusLine): Progress {
  const startedAt = performance.now()
  let step = ''
  let traffic: Traffic | undefined
  const show = (): void => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    line.show(`${seconds} s: ${step}${traffic ? `, ${formatSoFar(traffic.tally())}` : ''}`)
  }
  const timer = setInterval(show, 250)
  return {
    onStep(next) {
      step = next
      show()
      if (!step.startsWith('restart')) line.log(step)
    },
    onTraffic: (started) => void (traffic = started),
    onRestart(result) {
      const ending = `exit ${formatExit(result)} after ${formatMs(result.stopMs)}`
      const cost = `${formatNumber(result.lost)} of ${formatNumber(result.requests)} requests lost`
      line.log(`restart ${result.number}, ${result.instance}: ${ending}, ${cost}`)
    },
    stop() {
      clearInterval(timer)
      line.clear()
    },
  }
}

export function formatSoFar({ requests, lost }: Tally): string {
  return `${formatNumber(requests)} requests, ${formatNumber(lost)} lost`
}
