import { readFileSync } from 'node:fs'

/** When, where and by what a drill was carried out. */
export interface Origin {
  readonly date: Date
  /** Of this package. */
  readonly version: string
  readonly node: string
  readonly platform: string
}

export function readOrigin(): Origin {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string } // our own
  return { date: new Date(), version, node: process.version, platform: `${process.platform} ${process.arch}` }
}
