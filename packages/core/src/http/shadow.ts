/**
 * @internal Puts a method on an object itself, before the one that it has. Returns what undoes it, unless somebody has put theirs over it
 * since.
 */
export function shadow(target: object, name: string, method: (...args: never[]) => unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name)
  Object.assign(target, { [name]: method })
  return () => {
    if (Reflect.get(target, name) !== method) return
    if (own) Object.defineProperty(target, name, own)
    else Reflect.deleteProperty(target, name)
  }
}
