import type { ClientGroup } from 'lastcall/drill'

const orders = { sends: 'orders', keeps: 'until-closed' } as const

/** 40 clients of all kinds that send about 200 requests a second. */
export const mixed: readonly ClientGroup[] = [
  { ...orders, count: 1, thinkMs: [0, 20] },
  { ...orders, count: 14, thinkMs: [50, 350] },
  { ...orders, count: 6, thinkMs: [50, 350], keeps: 'while-ready' },
  { ...orders, count: 12, thinkMs: [1_000, 4_000] },
  { ...orders, count: 5, thinkMs: [1_000, 4_000], keeps: 'while-ready' },
  { ...orders, count: 2, thinkMs: [50, 150], keeps: 'one-request' },
]

/** Clients that are hardly ever silent. */
export const busy: readonly ClientGroup[] = [{ ...orders, count: 10, thinkMs: [0, 20] }]

/** Clients that think between two requests. */
export const slow: readonly ClientGroup[] = [{ ...orders, count: 200, thinkMs: [1_000, 4_000] }]
