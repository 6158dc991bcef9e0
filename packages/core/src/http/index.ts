export { drainServer, type DrainServerOptions } from './drain-server.js'
export { handleProbes, type ProbePaths } from './probes.js'
