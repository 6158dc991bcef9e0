import { execFileSync } from 'node:child_process'

/** Throws with what to do when a process may not have so many connections. Node raises its own limit to the hard one. */
export function checkFileLimit(connections: number): void {
  const limit = readHardLimit()
  const needed = connections + 100
  if (limit >= needed) return
  throw new Error(
    `${connections} connections need ${needed} open files for each of two processes, the limit is ${limit}: ` +
      `\`ulimit -n ${needed}\` as root, or fewer with --connections ${limit - 100}`,
  )
}

function readHardLimit(): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
  return limit === 'unlimited' ? Infinity : Number(limit)
}
