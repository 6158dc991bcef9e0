/** A drill that could not be carried out, as opposed to one that found losses. */
export class DrillError extends Error {
  override readonly name = 'DrillError'
  /** The last lines the app printed; undefined when it is not the app that is to blame. */
  readonly output: string | undefined

  constructor(message: string, output?: string, options?: ErrorOptions) {
    super(message, options)
    this.output = output
  }
}
