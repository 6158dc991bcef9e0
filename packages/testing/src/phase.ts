/** What tells its phases, as an instance of core does. */
interface Phased<Phase> {
  subscribe(listener: (phase: Phase) => void): () => void
}

/** Settles when the phase begins. */
export const phase = <Phase>(shutdown: Phased<Phase>, wanted: NoInfer<Phase>): Promise<void> =>
  new Promise((resolve) => {
    const unsubscribe = shutdown.subscribe((entered) => {
      if (entered !== wanted) return
      unsubscribe()
      resolve()
    })
  })
