export { drainServer, type DrainServerOptions } from './drain-server.js'
export { tieClose, type FrameworkClose } from './framework-close.js'
export { handleProbes, type ProbePaths } from './probes.js'
