/** A promise that is settled from outside, and whose state can be asked for. */
export interface Milestone<T> {
  readonly promise: Promise<T>
  readonly reached: boolean
  reach(value: T): void
}

export function createMilestone<T>(): Milestone<T> {
  let resolve: (value: T) => void
  const milestone = {
    promise: new Promise<T>((settle) => {
      resolve = settle
    }),
    reached: false,
    reach(value: T) {
      milestone.reached = true
      resolve(value)
    },
  }
  return milestone
}
