import type { App } from './app.js'
import { expect } from './expect.js'

/** The process is gone in time, with exit code 0 and one report that says that everything finished. */
export async function endsClean(app: App): Promise<void> {
  const { code, signal } = await app.ended()
  expect('exit', signal ?? code, 0)
  expect('verdict', (await app.report()).verdict, 'clean')
}
