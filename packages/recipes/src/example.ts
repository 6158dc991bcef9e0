import { fileURLToPath } from 'node:url'

/** The path of a program: 'worker/worker.js'. */
export const example = (path: string): string =>
  fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url))
