/** What Express 4 and 5 have in common where they keep what was mounted. */
interface Layer {
  readonly handle: unknown
  /** Mounted at the root of its router: `slash` in 5, `regexp.fast_slash` in 4. */
  readonly slash?: boolean
  readonly regexp?: { readonly fast_slash?: boolean }
  readonly route?: {
    readonly path: unknown
    readonly methods: Readonly<Record<string, boolean>>
    readonly stack: Stack
  }
}

type Stack = readonly Layer[]

/** A place in the chain. */
export interface Place {
  readonly handle: unknown
  readonly stack: Stack
  /** Names of the middleware that requests pass before they come here. */
  readonly after: readonly string[]
}

/**
 * Every handler of an app or router, in the order in which requests come by. A mounted app is hidden in a function of
 * Express, and what is in it is not seen.
 */
export function* places(router: unknown, after: readonly string[] = []): Generator<Place> {
  const passed = [...after]
  const stack = stackOf(router)
  for (const layer of stack) {
    const { handle, route } = layer
    yield { handle, stack, after: [...passed] }
    yield* places(route ?? handle, passed)
    if (!route && !ofExpress4.includes(nameOf(handle))) passed.push(nameOf(handle))
  }
}

/** Apps are mounted in it, whose handlers cannot be seen. */
export function hidesSome(app: unknown): boolean {
  return [...places(app)].some(({ handle }) => nameOf(handle) === 'mounted_app')
}

/** A route for reading at this very path: patterns do not count. Routers that are mounted at the root are looked into. */
export function hasRoute(stack: Stack, path: string): boolean {
  return stack.some(({ handle, route, slash, regexp }) => {
    if (!route) return (slash === true || regexp?.fast_slash === true) && hasRoute(stackOf(handle), path)
    const { get, head, _all: all } = route.methods
    return [route.path].flat().includes(path) && Boolean(get ?? head ?? all)
  })
}

export function stackOf(router: unknown): Stack {
  if (typeof router !== 'function' && typeof router !== 'object') return []
  // an app of Express 4 has `_router`; a router and a route have `stack` themselves
  const { stack, _router } = router as { stack?: unknown; _router?: { stack?: unknown } }
  const found = stack ?? _router?.stack ?? routerOf(router as object)?.stack
  return Array.isArray(found) ? found : []
}

/**
 * The router of an Express 5 app, if it has one. Asking for it makes one, with the settings of that moment: so it is asked
 * for by somebody who refuses to tell them. In Express 4 asking throws by itself.
 */
function routerOf(app: object): { readonly stack?: unknown } | undefined {
  const noSettings = {
    enabled() {
      throw new Error('there is no router yet')
    },
  }
  try {
    return Reflect.get(app, 'router', noSettings) as { stack?: unknown } | undefined
  } catch {
    return undefined
  }
}

/** What Express 4 puts into every app. */
const ofExpress4 = ['query', 'expressInit']

const nameOf = (handle: unknown): string => (handle as { name?: string }).name || 'an anonymous function'
