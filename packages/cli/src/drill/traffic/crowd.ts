/** Clients that behave alike. */
export interface ClientGroup {
  readonly count: number
  /** Time between an answer and the next request, chosen anew each time. */
  readonly thinkMs: readonly [number, number]
  /**
   * How long a client stays on its connection: while the instance is ready, as a balancer's clients do; until the server
   * closes it or says so, as direct clients and pooled upstream connections do; or for one request.
   */
  readonly keeps: 'while-ready' | 'until-closed' | 'one-request'
  readonly sends: 'orders' | 'slow' | 'large'
}

/** The proportions of an ordinary crowd: 40 clients that send about 500 requests a second. */
const ordinary: readonly ClientGroup[] = [
  { count: 2, thinkMs: [0, 20], keeps: 'while-ready', sends: 'orders' },
  { count: 2, thinkMs: [0, 20], keeps: 'until-closed', sends: 'orders' },
  { count: 6, thinkMs: [10, 110], keeps: 'while-ready', sends: 'orders' },
  { count: 6, thinkMs: [10, 110], keeps: 'until-closed', sends: 'orders' },
  { count: 10, thinkMs: [1_000, 4_000], keeps: 'while-ready', sends: 'orders' },
  { count: 10, thinkMs: [1_000, 4_000], keeps: 'until-closed', sends: 'orders' },
  { count: 4, thinkMs: [50, 150], keeps: 'one-request', sends: 'orders' },
]

/** Always there, once each: a slow request in flight, and a slow reader of a large response. */
const special: readonly ClientGroup[] = [
  { count: 1, thinkMs: [0, 0], keeps: 'while-ready', sends: 'slow' },
  { count: 1, thinkMs: [0, 0], keeps: 'while-ready', sends: 'large' },
]

export const ordinarySize: number = ordinary.reduce((sum, group) => sum + group.count, 0)

/** A crowd of about `size` clients, in the same proportions and with at least one client of each kind. */
export function createCrowd(size: number = ordinarySize): readonly ClientGroup[] {
  const scaled = ordinary.map((group) => ({
    ...group,
    count: Math.max(1, Math.round((group.count * size) / ordinarySize)),
  }))
  return [...scaled, ...special]
}
