// Prints "PASSED FAILED" for a log: the sums of the lines that close each tap run, `# { total: 6, pass: 5, fail: 1 }`.
import { readFileSync } from 'node:fs'

const closings = readFileSync(process.argv[2], 'utf8').match(/# \{ total: .*\}$/gm) ?? []

console.log(sum('pass'), sum('fail'))

function sum(kind) {
  return closings.reduce(
    (total, line) => total + Number(line.match(new RegExp(`${kind}: (\\d+)`))?.[1] ?? 0),
    0,
  )
}
