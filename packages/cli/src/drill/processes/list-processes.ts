import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A process as the operating system lists it. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** 0 where it is not known. */
  readonly session: number
  /** Over, and not yet noticed by its parent. */
  readonly zombie: boolean
  command(): Promise<string>
}

/** Everything that runs on this machine, as far as it may be seen; nothing where it cannot be listed. */
export async function listProcesses(): Promise<readonly ProcessEntry[]> {
  // Small images of Linux have no `ps`.
  if (process.platform === 'linux') return listProc()
  return listWithPs()
}

async function listProc(): Promise<readonly ProcessEntry[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const entries = await Promise.all(names.map((name) => readEntry(Number(name))))
  return entries.filter((entry) => entry !== undefined)
}

async function readEntry(pid: number): Promise<ProcessEntry | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name in parentheses, and may contain both.
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      zombie: state === 'Z' || state === 'X',
      // only of the few that are of interest
      async command() {
        const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
        return line.replaceAll('\0', ' ').trim() || name
      },
    }
  } catch {
    return undefined // it has ended in the meantime
  }
}

async function listWithPs(): Promise<readonly ProcessEntry[]> {
  try {
    const columns = ['-o', 'pid=', '-o', 'ppid=', '-o', 'pgid=', '-o', 'stat=', '-o', 'command=']
    const { stdout } = await promisify(execFile)('ps', ['-A', ...columns], { maxBuffer: 16_000_000 })
    return stdout.split('\n').flatMap(parseLine)
  } catch {
    return []
  }
}

export function parseLine(line: string): ProcessEntry[] {
  const [, pid, parent, group, state, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
  if (pid === undefined || state === undefined || command === undefined) return []
  return [
    {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: 0,
      zombie: state.startsWith('Z'),
      command: async () => command.trim(),
    },
  ]
}
