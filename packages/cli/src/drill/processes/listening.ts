import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A TCP port on which a process accepts connections. */
export interface Listening {
  readonly pid: number
  readonly port: number
  /** It takes connections from this machine over IPv6 only. */
  readonly onlyIpv6: boolean
}

/** Where these processes listen. Undefined where that cannot be seen: neither /proc nor `lsof`. */
export async function findListening(pids: readonly number[]): Promise<readonly Listening[] | undefined> {
  if (pids.length === 0) return []
  return process.platform === 'linux' ? readProc(pids) : askLsof(pids)
}

async function readProc(pids: readonly number[]): Promise<readonly Listening[] | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => read(`/proc/net/${name}`)))
  if (tables.every((table) => table === '')) return undefined
  const sockets = new Map(tables.flatMap(parseTable).map((socket) => [socket.inode, socket]))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const links = await readLinks(`/proc/${pid}/fd`)
      const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
      return [...inodes].flatMap((inode) => {
        const socket = sockets.get(inode)
        return socket ? [{ pid, port: socket.port, onlyIpv6: socket.onlyIpv6 }] : []
      })
    }),
  )
  return found.flat()
}

interface Row {
  readonly inode: string
  readonly port: number
  readonly onlyIpv6: boolean
}

const listen = '0A'
const ipv6Loopback = '00000000000000000000000001000000'

/** The listening sockets of /proc/net/tcp or tcp6. */
export function parseTable(table: string): readonly Row[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      const [address = '', port = ''] = local.split(':')
      if (state !== listen) return []
      return [{ inode, port: Number.parseInt(port, 16), onlyIpv6: address === ipv6Loopback }]
    })
}

async function readLinks(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory)
    return await Promise.all(names.map((name) => readlink(`${directory}/${name}`).catch(() => '')))
  } catch {
    return [] // gone, or somebody else's
  }
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

async function askLsof(pids: readonly number[]): Promise<readonly Listening[] | undefined> {
  const args = ['-nP', '-a', '-p', pids.join(','), '-iTCP', '-sTCP:LISTEN', '-Fpn']
  try {
    const { stdout } = await promisify(execFile)('lsof', args)
    return parseLsof(stdout)
  } catch (error) {
    // It exits with 1 when there is nothing to list.
    return error instanceof Error && 'code' in error && error.code === 1 ? [] : undefined
  }
}

/** Lines such as `p4711`, followed by `n*:3000` or `n[::1]:3000` for each socket. */
export function parseLsof(text: string): readonly Listening[] {
  let pid = 0
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('p')) pid = Number(line.slice(1))
    const [, host, port] = /^n(.*):(\d+)$/.exec(line) ?? []
    return port === undefined ? [] : [{ pid, port: Number(port), onlyIpv6: host === '[::1]' }]
  })
}
