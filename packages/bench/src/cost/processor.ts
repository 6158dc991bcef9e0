import type { Framework, Product } from './frameworks.js'
import { medianInterval, medianOf } from './interval.js'
import type { Interval } from './interval.js'
import { measurePair } from './pair.js'
import type { Cost, Effort } from './pair.js'

/** What a product adds to the processor time of a request. */
export interface Processor {
  /** Undefined for the control: the bare framework beside itself. */
  readonly product: Product | undefined
  /** In µs. */
  readonly bare: number
  readonly added: number
  /** To the bare framework. */
  readonly ratio: Interval
  /** Ours to this one, pair by pair; undefined for ours. */
  readonly oursToThis: Interval | undefined
}

export async function measureProcessor(
  { bare, packages, ours, peers }: Framework,
  { pairs, effort, onPair }: { pairs: number; effort: Effort; onPair: (pair: number) => void },
): Promise<readonly Processor[]> {
  const products = [undefined, ours, ...peers]
  const modules = [...packages, ...products.flatMap((product) => product?.modules ?? [])]
  const measured = products.map((product) => ({ product, costs: [] as Cost[] }))
  for (let pair = 1; pair <= pairs; pair++) {
    for (const { product, costs } of pair % 2 === 0 ? measured : measured.toReversed())
      costs.push(await measurePair({ bare, app: product?.app ?? bare, modules }, effort))
    onPair(pair)
  }
  const ourRatios = measured.find(({ product }) => product === ours)?.costs.map(ratioOf) ?? []
  return measured.map(({ product, costs }) => {
    const ratios = costs.map(ratioOf)
    const compared = ourRatios.map((ratio, pair) => ratio / (ratios[pair] ?? Number.NaN))
    return {
      product,
      bare: medianOf(costs.map((cost) => cost.bare)),
      added: medianOf(costs.map((cost) => cost.own - cost.bare)),
      ratio: medianInterval(ratios),
      oursToThis: product === ours ? undefined : medianInterval(compared),
    }
  })
}

const ratioOf = ({ own, bare }: Cost): number => own / bare

/** What is wrong with the results: ours may add so much at most, and not more than a peer that does the same. */
export function judgeProcessor(results: readonly Processor[], mostRatio: number): readonly string[] {
  return results.flatMap(({ product, ratio, oursToThis }) => {
    if (!product) {
      if (ratio.low <= 1 && ratio.high >= 1) return []
      return [`the bare framework is ${ratio.median.toFixed(3)} times itself, so this run proves nothing`]
    }
    if (!oursToThis) {
      if (ratio.low <= mostRatio) return []
      return [
        `${product.title}: at least ${ratio.low.toFixed(3)} times the processor time, ${mostRatio} is the most`,
      ]
    }
    if (!product.counts || oursToThis.median < 1) return []
    return [`ours costs ${oursToThis.median.toFixed(3)} times what ${product.title} does`]
  })
}
