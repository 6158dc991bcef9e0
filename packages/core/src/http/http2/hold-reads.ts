import type { Socket } from 'node:net'

/**
 * Reads nothing from a socket until what it returns is called. A session takes its socket over, so that `socket.pause()` has
 * no effect; what has that is not documented, and where it is missing nothing is held.
 */
export function holdReads(socket: Socket): () => void {
  const { _handle: handle } = socket as WithHandle
  if (!handle?.readStop || !handle.readStart) return () => {}
  handle.readStop()
  return () => {
    const { _handle: current } = socket as WithHandle
    // its session may have let it go meanwhile
    if (!socket.destroyed && current === handle) handle.readStart?.()
  }
}

type WithHandle = Socket & {
  readonly _handle?: { readStop?(): unknown; readStart?(): unknown } | null
}
