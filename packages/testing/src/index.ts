export { createCertificate, type Certificate } from './create-certificate.js'
export { connectSocket, type ConnectOptions, type Ending } from './connect-socket.js'
export {
  connectFrames,
  endStream,
  everyStream,
  isAck,
  type Frame,
  type FrameClient,
  type FramesOptions,
} from './frame-client.js'
export { createGate, type Gate } from './gate.js'
export { isSettled } from './is-settled.js'
export { loadStreams, type StreamTally } from './load-streams.js'
export { messages, type LoggedReport, type LogLine } from './log-line.js'
export { openSocket } from './open-socket.js'
export { phase } from './phase.js'
export { readmePrograms } from './readme-programs.js'
export { requestArrived } from './request-arrived.js'
export { requestText, type RequestText } from './request-text.js'
export { seeded } from './seeded.js'
export { startCommand, type Command, type CommandOptions, type Output } from './start-command.js'
export { startProgram, type Ended, type Program, type ProgramOptions } from './start-program.js'
export { startRelay, type Relay } from './start-relay.js'
export { ask, connect, type Address, type Answer, type Client } from './strict-client.js'
export { surfaceOf, type Surface } from './surface-of.js'
export { timesOf } from './times-of.js'
export { clientCount, startTraffic, stopUnderTraffic, type Tally } from './traffic.js'
export { losesNothing, underTraffic } from './loses-nothing.js'
export { losesSomething } from './loses-something.js'
export { wrongOptions } from './wrong-options.js'
