/** Something that answers HTTP: one instance of the app, or a balancer in front of all of them. */
export interface Target {
  readonly name: string
  readonly host: string
  readonly port: number
}
