import type { Recording } from '../../observation/recording.js'
import { formatMs } from '../../text/format-number.js'
import type { Row } from '../picture/row.js'
import type { Scale } from '../picture/scale.js'
import { bandHeight, drawBand } from './band.js'
import { seeFromOutside } from './outside-states.js'
import type { OutsideState } from './outside-states.js'

/** What each state is called, the longest name first. */
const names: Readonly<Record<OutsideState, readonly string[]>> = {
  serving: ['serving'],
  'not ready': ['not ready'],
  refused: ['refuses connections', 'refuses'],
  silent: ['does not answer', 'silent'],
  exited: ['gone'],
  starting: ['starting again', 'starting'],
  ready: ['ready'],
}

export function drawOutsideRow(recording: Recording, scale: Scale): Row {
  const stretches = seeFromOutside(recording, scale.toMs).map(({ state, fromMs, toMs }) => {
    const from = Math.max(fromMs, scale.fromMs)
    const [name = state] = names[state]
    return {
      kind: state.replace(' ', '-'),
      fromMs: from,
      toMs,
      texts: names[state],
      title: `${name} from ${formatMs(from)} to ${formatMs(toMs)}`,
    }
  })
  return { label: 'Seen from outside', notes: [], height: bandHeight, body: drawBand(stretches, scale) }
}
