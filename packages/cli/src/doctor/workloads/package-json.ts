import type { Field } from '../parse/field.js'
import type { Script } from './model.js'

/** The scripts of a package.json. */
export const readScripts = (root: Field): readonly Script[] =>
  (root.get('scripts')?.entries() ?? []).flatMap(([name, field]) => {
    const text = field.text()
    return text === undefined ? [] : { name, text, at: field.at }
  })

/** Whether any kind of dependency is a package of ours. */
export function dependsOnLastCall(json: string): boolean {
  try {
    const manifest = JSON.parse(json) as Record<string, object | undefined> | null
    return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].some((kind) =>
      Object.keys(manifest?.[kind] ?? {}).some((name) => name.startsWith('@lastcall/')),
    )
  } catch {
    return false
  }
}
