import { formatMs } from '../../text/format-number.js'
import type { Row } from '../picture/row.js'
import type { Scale } from '../picture/scale.js'
import { bandHeight, drawBand } from './band.js'
import type { ShutdownPhase, ShutdownReport } from './shutdown-report.js'

/** The phases that the app itself has reported. They are taken to begin with the signal. */
export function drawAppRow(report: ShutdownReport, scale: Scale): Row {
  let fromMs = 0
  const stretches = report.phases.map((phase) => {
    const stretch = {
      kind: phase.phase.replace(' ', '-'),
      fromMs,
      toMs: fromMs + phase.tookMs,
      texts: [`${phase.phase} ${formatMs(phase.tookMs)}`, phase.phase],
      title: describePhase(phase),
    }
    fromMs = stretch.toMs
    return stretch
  })
  return { label: 'By its own report', notes: [], height: bandHeight, body: drawBand(stretches, scale) }
}

export function describePhase({ phase, tookMs, ended, skipped }: ShutdownPhase): string {
  return skipped ? `${phase} skipped (${ended})` : `${phase} ${formatMs(tookMs)} (${ended})`
}
