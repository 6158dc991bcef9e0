import type { Socket } from 'node:net'
import type { Shutdown } from '@lastcall/core'

/** Who is told to go from the very beginning of lame duck; Last Call waits until routers have noticed. */
const who = process.env['BENCH_TELLS']

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
  switch (who) {
    case 'always':
      return true
    // who was told, and came straight back, has nowhere else to go
    case 'once':
      return opened < lameDuckSince
    default:
      return false
  }
}
