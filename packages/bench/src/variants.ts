import type { ShutdownOptions } from '@lastcall/core'
import { busy, mixed, slow } from './crowds.js'
import type { Stack } from './stack.js'

/** One way to end a process. */
interface Variant {
  readonly name: string
  readonly options?: ShutdownOptions
  readonly tells?: 'always' | 'once'
  /** Instead of the setting's own: it does not fit, or it would use all of it to no end. */
  readonly graceMs?: number
  readonly app?: 'plain-close'
}

const variants: readonly Variant[] = [
  { name: 'as shipped: told once, late in lame duck' },
  { name: 'told on every response in lame duck', tells: 'always' },
  { name: 'told once in lame duck', tells: 'once' },
  { name: 'no lame duck', options: { lameDuck: false } },
  { name: 'idleMs 1 000, maxMs 2 500', options: { lastCall: { maxMs: 2_500, idleMs: 1_000 } } },
  {
    name: 'idleMs 4 000, maxMs 8 000',
    options: { lastCall: { maxMs: 8_000, idleMs: 4_000 } },
    graceMs: 30_000,
  },
  { name: 'idleMs 0: twice the last gap', options: { lastCall: { idleMs: 0 } } },
  { name: 'no last call', options: { lastCall: false } },
  { name: 'control: server.close()', app: 'plain-close', graceMs: 10_000 },
]

type Setting = Pick<Stack, 'front' | 'instances' | 'graceMs' | 'crowd' | 'probed'> & { readonly name: string }

const settings: readonly Setting[] = [
  { name: 'direct, 1–4 s', front: 'direct', instances: 2, graceMs: 30_000, crowd: slow },
  { name: 'direct, 0–20 ms', front: 'direct', instances: 2, graceMs: 10_000, crowd: busy },
  { name: '20 ms away, 1–4 s', front: 'distant', instances: 2, graceMs: 30_000, crowd: slow },
  { name: '20 ms away, 0–20 ms', front: 'distant', instances: 2, graceMs: 10_000, crowd: busy },
  { name: 'HAProxy, 200 ms check', front: 'haproxy', instances: 3, graceMs: 10_000, crowd: mixed },
  { name: 'nginx, no check', front: 'nginx', instances: 3, graceMs: 10_000, crowd: mixed, probed: true },
]

/** One cell of the table: a variant in a setting. */
export interface Cell {
  readonly setting: string
  readonly variant: string
  readonly stack: Stack
}

export function planCells(restarts: number): readonly Cell[] {
  return settings.flatMap((setting, place) =>
    variants.map((variant, number) => {
      const { name, ...fixed } = setting
      const { options, tells, app = 'node-http', graceMs = setting.graceMs } = variant
      const stack: Stack = {
        ...fixed,
        title: `${name}: ${variant.name}`,
        app,
        graceMs,
        restarts,
        seed: place * 100 + number,
        env: {
          ...(options && { BENCH_OPTIONS: JSON.stringify(options) }),
          ...(tells && { BENCH_TELLS: tells }),
        },
      }
      return { setting: name, variant: variant.name, stack }
    }),
  )
}
