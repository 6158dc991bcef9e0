import type { ResolveHook } from 'node:module'

const nests = /^(@nestjs\/|(rxjs|reflect-metadata)(\/|$))/

/** As if this package had imported it, so that everybody gets the same classes: they are what Nest injects by. */
export const resolve: ResolveHook = (specifier, context, next) =>
  next(specifier, nests.test(specifier) ? { ...context, parentURL: import.meta.url } : context)
