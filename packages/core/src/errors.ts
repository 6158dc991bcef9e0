/** Every way in which Last Call refuses something or reports a fault. `docs/errors.md` explains each. */
export type ShutdownErrorCode =
  | 'ERR_LASTCALL_OPTION'
  | 'ERR_LASTCALL_BUDGET'
  | 'ERR_LASTCALL_PARTICIPANT'
  | 'ERR_LASTCALL_DUPLICATE'
  | 'ERR_LASTCALL_UNKNOWN'
  | 'ERR_LASTCALL_CYCLE'
  | 'ERR_LASTCALL_TIMEOUT'
  | 'ERR_LASTCALL_TOO_LATE'
  | 'ERR_LASTCALL_NOT_A_SHUTDOWN'
  | 'ERR_LASTCALL_NOT_A_SERVER'
  | 'ERR_LASTCALL_LISTEN'

/**
 * What Last Call throws, and what it puts into a report.
 * Compare `code`, never `instanceof`: a process may hold several copies of the package.
 */
export class ShutdownError extends Error {
  readonly code: ShutdownErrorCode

  constructor(code: ShutdownErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ShutdownError'
    this.code = code
  }
}

export const badOption = (name: string, value: unknown, allowed: string): ShutdownError =>
  new ShutdownError('ERR_LASTCALL_OPTION', `Option '${name}' must be ${allowed}, not ${show(value)}`)

/** Without the token itself, which is a secret. */
export const badToken = (fault: string): ShutdownError =>
  new ShutdownError('ERR_LASTCALL_OPTION', `Option 'token' ${fault}`)

export const badBudget = (arithmetic: string): ShutdownError =>
  new ShutdownError('ERR_LASTCALL_BUDGET', `The phases do not fit into the grace period: ${arithmetic}`)

export const badParticipant = (name: unknown, fault: string): ShutdownError =>
  new ShutdownError('ERR_LASTCALL_PARTICIPANT', `Participant ${show(name)} ${fault}`)

export const duplicate = (name: string): ShutdownError =>
  new ShutdownError(
    'ERR_LASTCALL_DUPLICATE',
    `A participant named '${name}' is already registered; names are unique`,
  )

export const unknownDependency = (name: string, missing: string): ShutdownError =>
  new ShutdownError(
    'ERR_LASTCALL_UNKNOWN',
    `Participant '${name}' depends on '${missing}', which nobody registered`,
  )

export const cycle = (path: readonly string[]): ShutdownError =>
  new ShutdownError(
    'ERR_LASTCALL_CYCLE',
    `Participants depend on each other in a circle: ${path.join(' → ')}`,
  )

export const timedOut = (name: string, what: string, ms: number): ShutdownError =>
  new ShutdownError('ERR_LASTCALL_TIMEOUT', `${what} '${name}' did not finish within ${Math.round(ms)} ms`)

export const tooLate = (what: string, phase: string): ShutdownError =>
  new ShutdownError('ERR_LASTCALL_TOO_LATE', `${what} is refused: the shutdown is already ${phase}`)

export const notAShutdown = (value: unknown): ShutdownError =>
  new ShutdownError(
    'ERR_LASTCALL_NOT_A_SHUTDOWN',
    `Expected what createShutdown() or getShutdown() returned, not ${show(value)}`,
  )

export const notAServer = (value: unknown): ShutdownError =>
  new ShutdownError(
    'ERR_LASTCALL_NOT_A_SERVER',
    `drainServer needs a server of node:http, node:https or node:http2, not ${show(value)}`,
  )

export const cannotListen = (where: string, cause: Error): ShutdownError =>
  new ShutdownError(
    'ERR_LASTCALL_LISTEN',
    `The admin server cannot listen on ${where}: ${reasons[codeOf(cause)] ?? cause.message}`,
    { cause },
  )

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? ''

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'somebody else listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'not allowed',
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 80)}'`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return String(value)
  return Array.isArray(value) ? `an array of ${value.length}` : `an object`
}
