import type { Framework, Product } from './frameworks.js'
import { medianInterval, medianOf } from './interval.js'
import type { Interval } from './interval.js'
import { measurePair } from './pair.js'
import type { Cost, Effort } from './pair.js'

/** What a product adds to the processor time of a request. */
export interface Processor {
  readonly product: Product
  /** In µs. */
  readonly bare: number
  readonly added: number
  /** To the bare framework. */
  readonly ratio: Interval
  /** Ours to this one, in the same pairs; undefined for ours. */
  readonly oursToThis: Interval | undefined
}

export async function measureProcessor(
  { bare, packages, ours, peers }: Framework,
  { pairs, effort, onPair }: { pairs: number; effort: Effort; onPair: (pair: number) => void },
): Promise<readonly Processor[]> {
  const products = [ours, ...peers]
  const modules = [...packages, ...products.flatMap((product) => product.modules)]
  const measured: ReadonlyMap<string, Cost>[] = []
  for (let pair = 1; pair <= pairs; pair++) {
    // the first after the bare one is not always the same
    const apps = rotate(
      products.map(({ app }) => app),
      pair,
    )
    measured.push(await measurePair({ bare, apps, modules }, effort))
    onPair(pair)
  }
  const costsOf = ({ app }: Product): readonly Cost[] => measured.flatMap((costs) => costs.get(app) ?? [])
  const ratios = (product: Product): readonly number[] => costsOf(product).map(ratioOf)
  return products.map((product) => ({
    product,
    ...summarise(costsOf(product)),
    oursToThis: compare(product),
  }))

  function compare(product: Product): Interval | undefined {
    if (product === ours) return undefined
    const others = ratios(product)
    return medianInterval(ratios(ours).map((ratio, pair) => ratio / (others[pair] ?? Number.NaN)))
  }
}

const ratioOf = ({ perRequest, barePerRequest }: Cost): number => perRequest / barePerRequest

function summarise(costs: readonly Cost[]): Pick<Processor, 'bare' | 'added' | 'ratio'> {
  return {
    bare: medianOf(costs.map(({ barePerRequest }) => barePerRequest)),
    added: medianOf(costs.map(({ perRequest, barePerRequest }) => perRequest - barePerRequest)),
    ratio: medianInterval(costs.map(ratioOf)),
  }
}

const rotate = <T>(values: readonly T[], by: number): readonly T[] => {
  const start = by % values.length
  return [...values.slice(start), ...values.slice(0, start)]
}

/** What is wrong with the results: ours may add so much at most, and not more than a peer that does the same. */
export function judgeProcessor(results: readonly Processor[], mostRatio: number): readonly string[] {
  return results.flatMap(({ product, ratio, oursToThis }) => {
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
