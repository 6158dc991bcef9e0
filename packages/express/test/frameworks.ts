import express5 from 'express'
import express4 from 'express4'

/** What tests that run in this process run on. */
export const frameworks = [
  { version: 'Express 5', express: express5 },
  // what the tests use of it has the types of 5
  { version: 'Express 4', express: express4 as unknown as typeof express5 },
] as const
