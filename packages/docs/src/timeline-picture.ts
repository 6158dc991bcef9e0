import { seconds, type Moments } from './moments.js'
import { timelineStyle, type Colour } from './timeline-style.js'

/**
 * The timeline as one SVG: what can be seen of a process in each phase. It brings its own ground, so it can be read where an `<img>`
 * does not know the theme of its page, and its type is still legible at half of its width.
 */
export function drawTimeline(moments: Moments): string {
  const { tellMs, quietMs, quietFromMs, lastCallMs, drainingMs, releasingMs, stoppedMs, graceMs } = moments
  const x = (ms: number): number => Math.round(left + (ms / graceMs) * (right - left))
  // where the picture begins
  const before = (edge - left) * (graceMs / (right - left))

  const box = (from: number, to: number, y: number, boxHeight: number, name: string): string =>
    `<rect class="${name}" x="${x(from) + gap}" y="${y}" width="${x(to) - x(from) - 2 * gap}" height="${boxHeight}" rx="6"/>`
  const written = (from: number, to: number, y: number, name: string, lines: readonly string[]): string[] =>
    lines.map((content, place) =>
      text((x(from) + x(to)) / 2, y + 6 - 10 * (lines.length - 1) + 20 * place, name, content),
    )
  const phase = ([from, to, colour, name]: readonly [number, number, Colour, string]): string[] => [
    box(from, to, 44, 38, colour),
    ...written(from, to, 63, `phase on-${colour}`, [name]),
  ]
  const row = (place: number, name: string, bars: readonly Bar[]): string[] => {
    const y = 134 + 76 * place
    return [
      text(x(0) + 8, y - 8, 'name', name),
      ...bars.flatMap(([from, to, colour, ...lines]) => [
        box(from, to, y, 46, colour),
        ...written(from, to, y + 23, `on-${colour}`, lines),
      ]),
    ]
  }
  const line = (ms: number, from: number, name: string): string =>
    `<path class="${name}" d="M${x(ms)} ${from}V${bottom}"/>`

  const middle = (x(stoppedMs) + x(graceMs)) / 2 + 6
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title story">`,
    '<title id="title">What happens on SIGTERM</title>',
    `<desc id="story">${tell(moments)}</desc>`,
    `<style>${timelineStyle()}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="12"/>`,
    text(x(0), 30, 'signal', 'SIGTERM'),
    text(x(graceMs) + 8, 30, 'signal end', `SIGKILL, ${seconds(graceMs)} s`),
    ...[0, graceMs].map((ms) => line(ms, 38, 'line strong')),
    ...[lastCallMs, drainingMs, releasingMs].map((ms) => line(ms, 108, 'line')),
    ...phase([0, lastCallMs, 'yellow', 'lame duck']),
    box(0, quietFromMs, 78, 4, 'least'),
    ...phase([lastCallMs, drainingMs, 'orange', 'last call']),
    ...phase([drainingMs, releasingMs, 'blue', 'draining']),
    ...phase([releasingMs, stoppedMs, 'violet', 'releasing']),
    ...[tellMs, quietFromMs].map((ms) => text(x(ms), 102, 'tick small', seconds(ms))),
    ...[lastCallMs, drainingMs, releasingMs].map((ms) => text(x(ms), 102, 'tick', seconds(ms))),
    text(x(stoppedMs) - 2, 102, 'tick end', seconds(stoppedMs)),
    ...row(0, 'readiness', [
      [before, 0, 'green', '200'],
      [0, stoppedMs, 'red', '503 at once: routers look elsewhere'],
    ]),
    ...row(1, 'listener', [
      [before, lastCallMs, 'green', 'open'],
      [lastCallMs, stoppedMs, 'grey', 'closed, without a reset'],
    ]),
    ...row(2, 'connections', [
      [before, tellMs, 'green', 'served'],
      [tellMs, drainingMs, 'yellow', 'served, and told to go,', 'each at its own moment'],
      [drainingMs, releasingMs, 'blue', 'in flight finishes,', 'late ones get 503'],
    ]),
    ...row(3, 'resources', [
      [before, releasingMs, 'green', 'open, for all that is in flight'],
      [releasingMs, stoppedMs, 'violet', 'close', 'in order'],
    ]),
    box(stoppedMs, graceMs, 44, bottom - 44, 'green'),
    `<text class="on-green" transform="translate(${middle} ${(44 + bottom) / 2}) rotate(-90)"><tspan class="signal on-green">stopped</tspan> exit 0 if all finished</text>`,
    text(
      edge + gap,
      bottom + 28,
      'name',
      'Seconds after the signal, at the latest. A phase ends when nobody needs',
    ),
    text(
      edge + gap,
      bottom + 50,
      'name',
      `it: lame duck from ${seconds(quietFromMs)} s on, when no request has come for ${seconds(quietMs)} s.`,
    ),
    '</svg>',
    '',
  ].join('\n')
}

/** From, to, and what is written on it. */
type Bar = readonly [from: number, to: number, colour: Colour, ...lines: string[]]

const width = 720
const height = 476
const edge = 16
const left = 84
const right = 684
const bottom = 408
const gap = 2

function text(x: number, y: number, name: string, content: string): string {
  return `<text class="${name}" x="${x}" y="${y}">${content}</text>`
}

/** For who cannot see it. */
function tell({
  tellMs,
  quietFromMs,
  lastCallMs,
  drainingMs,
  cancelMs,
  releasingMs,
  stoppedMs,
  graceMs,
}: Moments): string {
  return [
    `From SIGTERM on readiness answers 503, and in lame duck everything is served for ${seconds(quietFromMs)} to ${seconds(lastCallMs)} s;`,
    `from ${seconds(tellMs)} s on connections are told to go, each at its own moment.`,
    `In last call, until ${seconds(drainingMs)} s at the latest, the listener is closed and open connections are served.`,
    `In draining what is in flight finishes and late requests get 503; at ${seconds(cancelMs)} s handlers are asked to give up, at ${seconds(releasingMs)} s it is over.`,
    `Then resources close in order, until ${seconds(stoppedMs)} s; SIGKILL would come at ${seconds(graceMs)} s.`,
  ].join(' ')
}
