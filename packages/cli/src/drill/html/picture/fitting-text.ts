/** The width that a text takes at most, about, in a system's sans-serif font. */
export function estimateWidth(text: string, fontSize: number): number {
  return text.length * fontSize * 0.54
}

/** The first of the texts that fits, the longest being given first. */
export function chooseText(texts: readonly string[], width: number, fontSize: number): string | undefined {
  return texts.find((text) => estimateWidth(text, fontSize) <= width)
}
