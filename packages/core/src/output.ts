import { unsentBytes } from './stalled.js'

/** Settles when stdout and stderr have taken what was written to them: `process.exit` alone truncates a pipe. */
export function outputTaken(): Promise<unknown> {
  return Promise.all(
    [process.stdout, process.stderr].map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.writableEnded || stream.destroyed) resolve()
          // with an encoding: what PM2 puts in its place takes the second argument for one
          else stream.write('', 'utf8', () => resolve())
        }),
    ),
  )
}

/** Bytes that whoever reads them has not taken yet. */
export const unsentOutput = (): number => unsentBytes(process.stdout) + unsentBytes(process.stderr)
