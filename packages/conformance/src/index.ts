export type { App, Wanted } from './app.js'
export { http1, type Case, type Control, type Scene } from './case.js'
export { cases } from './cases/index.js'
export { expect } from './expect.js'
export type { ControlKind, Feature, Protocol, Subject } from './subject.js'
export { createSuite, type SuiteTest } from './suite.js'
export {
  core,
  express,
  express4,
  fastify,
  hono,
  nestjs,
  nestjs11,
  nestjs11OnFastify,
  nestjsOnFastify,
} from './subjects.js'
