import type { ConnectionCount } from '../../observation/recording.js'
import { formatNumber } from '../../text/format-number.js'
import { svg } from '../markup.js'
import type { Row } from '../picture/row.js'
import { coordinate } from '../picture/scale.js'
import type { Scale } from '../picture/scale.js'

const height = 40

/** How many connections to the instance are open, as a line of steps over an area. */
export function drawConnectionsRow(counts: readonly ConnectionCount[], scale: Scale): Row {
  const most = counts.reduce((highest, { open }) => Math.max(highest, open), 0)
  const y = (open: number): number => coordinate(height - (open / Math.max(most, 1)) * (height - 2))
  let x = scale.left
  let d = `M${x} ${y(0)}`
  for (const { atMs, open } of thin(counts, scale)) {
    x = coordinate(scale(atMs))
    d += `H${x}V${y(open)}`
  }
  const area = `${d}H${scale.right}V${height}H${scale.left}Z`
  return {
    label: 'Open connections',
    notes: [{ text: `at most ${formatNumber(most)}` }],
    height,
    body: svg`<g class="connections"><path class="area" d="${area}"/><path class="line" d="${d}H${scale.right}"/></g>`,
  }
}

/** In each half of a unit of width, the last count is what remains to be seen. */
function thin(counts: readonly ConnectionCount[], scale: Scale): readonly ConnectionCount[] {
  const columns = new Map(counts.map((count) => [Math.round(scale(count.atMs) * 2), count]))
  return [...columns.values()]
}
