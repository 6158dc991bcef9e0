import { fileURLToPath } from 'node:url'

/** The path of a program in `fixtures`. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url))
