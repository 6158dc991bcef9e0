import { formatNumber } from '../text/table.js'

/** 1234.5 as 1,235 ms. */
export const formatMs = (ms: number): string => `${formatNumber(Math.round(ms) + 0)} ms`
