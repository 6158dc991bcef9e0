export interface Span {
  readonly left: number
  readonly right: number
}

export interface Lanes<T> {
  readonly placed: readonly { readonly item: T; readonly lane: number }[]
  readonly count: number
  /** What found no lane. */
  readonly leftOver: readonly T[]
}

export interface LaneOptions<T> {
  readonly span: (item: T) => Span
  /** Least distance between two in a lane. */
  readonly gap: number
  /** @default as many as are needed */
  readonly most?: number
}

/** Gives each item the first lane that is free from where it begins: by start that takes as few lanes as possible. */
export function packLanes<T>(items: readonly T[], options: LaneOptions<T>): Lanes<T> {
  const { span, gap, most = Infinity } = options
  const ends: number[] = []
  const placed: { item: T; lane: number }[] = []
  const leftOver: T[] = []
  for (const item of items.toSorted((a, b) => span(a).left - span(b).left)) {
    const { left, right } = span(item)
    const free = ends.findIndex((end) => end + gap <= left)
    const lane = free === -1 ? ends.length : free
    if (lane >= most) {
      leftOver.push(item)
      continue
    }
    ends[lane] = right
    placed.push({ item, lane })
  }
  return { placed, count: ends.length, leftOver }
}
