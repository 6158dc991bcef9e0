import type { Goodbye, Observed } from '../observation/observed.js'
import { advise } from './app-kind.js'
import type { Finding } from './finding.js'
import { heard, leaveUnheard } from './heard.js'
import { count, describeMoments, nameRestart } from './in-words.js'
import { judge, leaveUnchecked } from './judge.js'

interface Kind {
  readonly kind: Goodbye['kind']
  readonly code: string
  readonly noun: string
  readonly fine: string
  readonly wrong: string
  readonly advice: string
  readonly ours: string
}

const kinds: readonly Kind[] = [
  {
    kind: 'webSocket',
    code: 'websocket-goodbye',
    noun: 'WebSocket',
    fine: 'Every WebSocket was closed with a close frame',
    wrong: 'WebSockets were not told goodbye',
    advice:
      'A client that is cut off takes it for a broken network, and waits or gives up. Send each a close frame with 1001 (going away) or 1012 (service restart) before the process exits.',
    ours: 'Last Call: `closeWebSockets` of @lastcall/core/http.',
  },
  {
    kind: 'eventStream',
    code: 'event-stream-goodbye',
    noun: 'event stream',
    fine: 'Every event stream was ended',
    wrong: 'Event streams were cut off',
    advice:
      'End each response when the shutdown begins, so that its client sees an end, not an error, and connects again.',
    ours: 'Last Call ends them in last call; `endEventStream` of @lastcall/core/http for your own end.',
  },
]

/** Whether those who stay for long are sent away properly. No finding where there are none. */
export function checkGoodbyes(observed: Observed): readonly Finding[] {
  return kinds
    .filter(({ kind }) => observed.options.paths[kind] !== undefined)
    .map((kind) => check(observed, kind))
}

function check(observed: Observed, { kind, code, noun, fine, wrong, advice, ours }: Kind): Finding {
  const title = `It is not known whether ${noun}s are told goodbye`
  const restarts = heard(observed)
  if (restarts.length === 0) return leaveUnheard(code)
  const all = restarts.flatMap(({ goodbyes }) => goodbyes.filter((one) => one.kind === kind))
  if (all.length === 0) {
    return leaveUnchecked({
      code,
      title,
      why: `no ${noun} was open on an instance that was restarted`,
      advice: 'Drill it with more restarts.',
    })
  }
  const evidence = restarts.flatMap((restart) => {
    const bad = restart.goodbyes.filter((one) => one.kind === kind && one.manner !== 'told')
    if (bad.length === 0) return []
    const how = [...new Set(bad.map((one) => one.how))].join(', ')
    return [
      `${nameRestart(restart)}: ${count(bad.length, noun)}, ${how}, ${describeMoments(bad.map(({ atMs }) => atMs))}`,
    ]
  })
  const verdict = all.some(({ manner }) => manner === 'cut') ? 'failed' : 'warning'
  return judge({ code, verdict, fine, wrong, advice: advise(observed, advice, ours), evidence })
}
