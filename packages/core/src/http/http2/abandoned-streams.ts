import { beforeCalls } from '../abandoned.js'
import type { Exchange } from './exchange.js'

/** Calls back when a handler answers although its client has left, by whichever of Node's two APIs. */
export function whenAnswers(exchange: Exchange, callback: () => void): void {
  const { stream, response } = exchange
  beforeCalls(stream, onStream, callback)
  // which no longer hands anything on to its stream
  if (response) beforeCalls(response, onResponse, callback)
}

const onStream = ['respond', 'respondWithFD', 'respondWithFile', 'write', 'end', 'close', 'destroy']
const onResponse = ['writeHead', 'flushHeaders', 'write', 'end', 'destroy']
