import type { Connection } from './connection.js'

/** Nothing in flight and nothing half received. */
export const isIdle = (connection: Connection): boolean =>
  connection.inFlight === 0 &&
  !connection.upgraded &&
  !isUploading(connection) &&
  connection.socket.bytesRead === connection.bytesAtRest

/** Answered early, and the rest of the body is on its way. */
export const isUploading = ({ early }: Connection): boolean => early !== undefined && !early.complete
