/** How one crowd was closed: times in ms from the signal. */
export interface Curve {
  readonly name: string
  readonly times: readonly number[]
  /** Dashed: not measured, there to compare with. */
  readonly ideal?: boolean
}

const width = 640
const height = 320
const left = 48
const right = 624
const top = 16
const bottom = 280
const colours = ['#777', '#0b6e4f', '#c0392b', '#b7791f', '#6b46c1', '#2b6cb0']

/** A picture of the share of connections that have been closed, over time. */
export function drawCloses(curves: readonly Curve[]): string {
  const endMs = Math.max(1_000, ...curves.map(({ times }) => times.reduce((a, b) => Math.max(a, b), 0)))
  const toX = (ms: number): string => (left + (ms / endMs) * (right - left)).toFixed(1)
  const toY = (share: number): string => (bottom - share * (bottom - top)).toFixed(1)

  const seconds = Array.from({ length: Math.floor(endMs / 1_000) + 1 }, (_, second) => second)
  const grid = [
    ...seconds.map((second) => `M${toX(second * 1_000)} ${top}V${bottom}`),
    ...quarters.map((share) => `M${left} ${toY(share)}H${right}`),
  ]
  const labels = [
    ...seconds.map((second) => text(toX(second * 1_000), bottom + 18, 'middle', `${second} s`)),
    ...quarters.map((share) => text(left - 6, Number(toY(share)) + 4, 'end', `${share * 100} %`)),
  ]
  const lines = curves.map(({ times, ideal }, place) => {
    const points = stepsOf(times).map(([ms, share]) => `${toX(ms)},${toY(share)}`)
    const dashes = ideal ? ' stroke-dasharray="5 4"' : ''
    return `<polyline points="${points.join(' ')}" stroke="${colours[place % colours.length]}"${dashes}/>`
  })
  const names = curves.map(({ name }, place) => {
    const y = bottom - 10 - 16 * (curves.length - 1 - place)
    return text(right - 8, y, 'end', name, colours[place % colours.length])
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>Share of the connections that are closed, by time since the signal</title>',
    `<path d="M0 0H${width}V${height}H0Z" fill="#fff"/>`,
    `<path d="${grid.join('')}" stroke="#ddd"/>`,
    ...labels,
    `<g fill="none" stroke-width="2">${lines.join('')}</g>`,
    // readable where a curve passes behind them
    `<g stroke="#fff" stroke-width="4" paint-order="stroke">${names.join('')}</g>`,
    '</svg>',
    '',
  ].join('\n')
}

const quarters = [0, 0.25, 0.5, 0.75, 1]

function text(x: number | string, y: number, anchor: string, content: string, fill = '#555'): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${escaped}</text>`
}

/** A point for each hundredth of the crowd: more could not be seen. */
function stepsOf(times: readonly number[]): readonly (readonly [ms: number, share: number])[] {
  const sorted = times.toSorted((a, b) => a - b)
  return Array.from({ length: 101 }, (_, percent) => {
    const place = Math.round((percent / 100) * (sorted.length - 1))
    return [sorted[place] ?? 0, percent / 100] as const
  })
}
