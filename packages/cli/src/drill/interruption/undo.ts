type Step = () => Promise<unknown>

/** What has to be undone when the work ends, however it ends. */
export interface Undo {
  add(step: Step): void
  /** Undoes everything at once. What is added later is undone then: interrupted work may still be on its way. */
  run(): Promise<void>
}

export function createUndo(): Undo {
  const steps: Step[] = []
  let done = false
  return {
    add(step) {
      if (!done) steps.push(step)
      else void step() // nobody waits any more
    },
    async run() {
      done = true
      await Promise.all(steps.map((step) => step()))
    },
  }
}
