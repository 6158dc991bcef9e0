import { fastify as fastify5 } from 'fastify'
import { fastify as fastify4 } from 'fastify-4'

/** What tests that run in this process run on. */
export const frameworks = [
  { version: 'Fastify 5', fastify: fastify5 },
  // what the tests use of it has the types of 5
  { version: 'Fastify 4', fastify: fastify4 as unknown as typeof fastify5 },
] as const
