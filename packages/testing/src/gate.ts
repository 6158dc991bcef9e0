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
