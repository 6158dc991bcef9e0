/** A drill that could not be carried out, as opposed to one that found losses. */
export class DrillError extends Error {
  override readonly name = 'DrillError'
  /** The last lines the app printed, when it is the app that could not be drilled. */
  readonly output: string

  constructor(message: string, output = '', options?: ErrorOptions) {
    super(message, options)
    this.output = output
  }
}
