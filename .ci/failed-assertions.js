// Prints what failed in a log of tap's: each `not ok` line with its diagnostics, so that the end of a long log tells what to mend.
import { readFileSync } from 'node:fs'

const longest = 40

const lines = readFileSync(process.argv[2], 'utf8').split('\n')
const failures = lines.flatMap((line, at) =>
  /\bnot ok \d+/.test(line) ? [[line, ...diagnostics(at + 1)]] : [],
)
console.log(failures.map((failure) => failure.join('\n')).join('\n'))

// What stands between `---` and `...`, right after the line.
function diagnostics(start) {
  if (!/(?:^|\s)---$/.test(lines[start] ?? '')) return []
  const length = lines.slice(start).findIndex((line) => /(?:^|\s)\.\.\.$/.test(line))
  return lines.slice(start + 1, start + Math.min(length === -1 ? longest : length, longest))
}
