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
