import type { ShutdownOptions } from '@lastcall/core'

/** Options of `createShutdown` as JSON; everything else is as it is shipped. */
export const options: ShutdownOptions = {
  // wherever this runs, no platform's environment variables may have a say
  platform: 'docker',
  ...JSON.parse(process.env['BENCH_OPTIONS'] ?? '{}'),
}

export const port: number = Number(process.env['PORT'])
export const host: string = process.env['HOST'] ?? '127.0.0.1'
