import type { Finding } from './finding.js'

/** Findings for one and the same reason are told once, with all of their codes. */
export function mergeAlike(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding>()
  for (const finding of findings) {
    const { code, title, evidence, advice } = finding
    const key = JSON.stringify([title, evidence, advice])
    const first = merged.get(key)
    merged.set(key, first ? { ...first, code: `${first.code}, ${code}` } : finding)
  }
  return [...merged.values()]
}
