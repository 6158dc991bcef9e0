const unitMs: Readonly<Record<string, number>> = {
  us: 0.001,
  usec: 0.001,
  ms: 1,
  msec: 1,
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  seconds: 1_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
}

/** A duration such as `1m30s`, `1min 30s` or `2.5s`, in ms; `bareMs` is the unit of a number that stands alone. */
export function parseDuration(text: string, bareMs?: number): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/gy)]
  const length = parts.reduce((sum, [all]) => sum + all.length, 0)
  if (parts.length === 0 || length !== text.trim().length) return undefined
  let ms = 0
  for (const [, amount, unit = ''] of parts) {
    const factor = unit === '' ? bareMs : unitMs[unit]
    if (factor === undefined) return undefined
    ms += Number(amount) * factor
  }
  return Number.isFinite(ms) ? ms : undefined
}

/** In the largest unit that shows it exactly: `15 s`, `1 500 ms`. */
export function formatMs(ms: number): string {
  const [value, unit] = ms % 1_000 === 0 ? [ms / 1_000, 's'] : [ms, 'ms']
  return `${String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ')} ${unit}`
}
