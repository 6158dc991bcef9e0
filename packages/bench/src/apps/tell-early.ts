import type { Socket } from 'node:net'
import type { Shutdown } from '@lastcall/core'

/** Who is told to go while the listener is still open, which Last Call never does by itself. */
const who = process.env['BENCH_TELLS']

/** Half of what a lame duck lasts at least: by then the routers that watch have noticed. */
const noticeMs = Number(process.env['LASTCALL_GRACE_PERIOD_MS']) / 12

let lameDuckSince = Infinity
const openedAt = new WeakMap<Socket, number>()

/** Has to see the shutdown before it begins. */
export function watchLameDuck(shutdown: Shutdown): void {
  shutdown.subscribe((phase) => {
    if (phase === 'lame-duck') lameDuckSince = performance.now()
  })
}

/** Has to see each connection when it opens. */
export function noteOpened(socket: Socket): void {
  openedAt.set(socket, performance.now())
}

/** Whether a response that is written now says `Connection: close`. */
export function tellsEarly({ phase }: Shutdown, socket: Socket): boolean {
  if (phase !== 'lame-duck') return false
  const opened = openedAt.get(socket) ?? 0
  const noticedAt = lameDuckSince + noticeMs
  switch (who) {
    case 'always':
      return true
    // who was told, and came straight back, has nowhere else to go
    case 'once':
      return opened < lameDuckSince
    case 'late':
      return opened < noticedAt && performance.now() >= noticedAt
    default:
      return false
  }
}
