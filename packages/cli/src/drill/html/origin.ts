import { readVersion } from '../../version.js'

/** When, where and by what a drill was carried out. */
export interface Origin {
  readonly date: Date
  /** Of this package. */
  readonly version: string
  readonly node: string
  readonly platform: string
}

export function readOrigin(): Origin {
  const platform = `${process.platform} ${process.arch}`
  return { date: new Date(), version: readVersion(), node: process.version, platform }
}
