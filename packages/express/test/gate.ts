import type { Phase, Shutdown } from '@lastcall/core'

/** Something that waits in the middle until the test lets it go on. */
export interface Gate {
  /** Settles when somebody has come to it. */
  readonly reached: Promise<void>
  pass(): Promise<string>
  open(): void
}

export function createGate(): Gate {
  let reach = (): void => {}
  let open = (): void => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    reached,
    open: () => open(),
    async pass() {
      reach()
      await opened
      return 'finished'
    },
  }
}

export const phase = (shutdown: Shutdown, wanted: Phase): Promise<void> =>
  new Promise((resolve) => {
    const unsubscribe = shutdown.subscribe((entered) => {
      if (entered !== wanted) return
      unsubscribe()
      resolve()
    })
  })

/** Whether the promise has settled by the time that everything which is due has run. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  const settle = (): void => void (settled = true)
  promise.then(settle, settle)
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  return settled
}
