import { formatTable } from '../markdown.js'
import { formatNumber } from '../summary.js'
import type { BundleSize } from './bundle-size.js'
import type { Product } from './frameworks.js'
import type { IdleMemory } from './idle-memory.js'
import type { ImportCost } from './import-process.js'
import type { Interval } from './interval.js'
import type { Processor } from './processor.js'

/** What each product is beside what it does: what it brings, and how long that takes to load. */
export interface Weight {
  readonly product: Product
  readonly packages: number
  readonly size: BundleSize
  readonly imported: ImportCost
}

export function formatProcessor(results: readonly Processor[]): string {
  const rows = results.map(({ product, bare, added, ratio, oursToThis }) => [
    product?.title ?? 'control: nothing',
    product ? (product.counts ? 'yes' : 'no') : '–',
    `${bare.toFixed(1)} µs`,
    `${added.toFixed(2)} µs`,
    formatInterval(ratio, formatRatio),
    oursToThis ? formatInterval(oursToThis, formatRatio) : '–',
  ])
  return formatTable([processorHead, ...rows])
}

const processorHead = ['', 'counts requests', 'bare request', 'added', 'ratio (95 %)', 'ours ÷ this (95 %)']

export function formatMemory(results: readonly IdleMemory[]): string {
  const rows = results.map(({ product, bareHeap, heap, resident }) => [
    product.title,
    formatBytes(bareHeap),
    formatInterval(heap, formatBytes),
    formatInterval(resident, formatBytes),
  ])
  return formatTable([['', 'heap, bare', 'heap added (95 %)', 'resident added (95 %)'], ...rows])
}

export function formatWeights(weights: readonly Weight[]): string {
  const rows = weights.map(({ product, packages, size, imported }) => [
    product.title,
    formatNumber(packages),
    formatKilobytes(size.minified),
    formatKilobytes(size.gzipped),
    `${imported.ms.toFixed(1)} ms`,
    `${imported.processorMs.toFixed(1)} ms`,
  ])
  return formatTable([['', 'packages', 'minified', 'gzipped', 'import', 'its processor time'], ...rows])
}

function formatInterval({ median, low, high }: Interval, format: (value: number) => string): string {
  const ends = Number.isFinite(low) ? `${format(low)} – ${format(high)}` : 'too few'
  return `${format(median)} (${ends})`
}

const formatRatio = (ratio: number): string => ratio.toFixed(3)
const formatBytes = (bytes: number): string => `${formatNumber(Math.round(bytes))} B`
const formatKilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`
