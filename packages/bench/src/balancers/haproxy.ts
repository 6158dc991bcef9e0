import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { findFreePort } from 'lastcall/drill'
import type { Target } from 'lastcall/drill'
import { host } from './balancer.js'
import type { Balancer } from './balancer.js'
import { startDaemon } from './daemon.js'
import { answersOn, readinessPath } from './readiness.js'

/** Checks each backend every 200 ms, reuses connections as much as it can, and never tries twice. */
export async function startHaproxy(backends: readonly Target[]): Promise<Balancer> {
  const port = await findFreePort(host)
  const daemon = await startDaemon({
    binary: 'haproxy',
    port,
    configure: (directory) => configuration(port, backends, statsSocket(directory)),
    args: (_, file) => ['-db', '-f', file],
  })
  const stats = (): Promise<Row[]> => askStats(statsSocket(daemon.directory))
  return {
    targets: [{ name: 'haproxy', host, port }],
    async becomesReady(backend) {
      await answersOn(readinessPath, backend)
      const isUp = ({ svname, status }: Row): boolean => svname === backend.name && status === 'UP'
      // its checks tell nobody: the next one comes within 200 ms
      while (!(await stats()).some(isUp)) await setTimeout(50)
    },
    async countErrors() {
      const rows = (await stats()).filter(({ svname }) => backends.some(({ name }) => name === svname))
      const sum = (column: string): number => rows.reduce((total, row) => total + Number(row[column]), 0)
      return { connecting: sum('econ'), responding: sum('eresp') }
    },
    takeLog: async () => daemon.takeOutput(),
    stop: daemon.stop,
  }
}

/** How often each backend is asked whether it is ready. */
export const checkIntervalMs = 200

const statsSocket = (directory: string): string => join(directory, 'stats')

type Row = Record<string, string>

async function askStats(path: string): Promise<Row[]> {
  const socket = connect({ path })
  await once(socket, 'connect')
  socket.write('show stat\n')
  const [header = '', ...lines] = (await text(socket)).trim().split('\n')
  const names = header.replace(/^# /, '').split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, place) => [names[place], cell])))
}

function configuration(port: number, backends: readonly Target[], socket: string): string {
  const servers = backends.map(({ name, port: backendPort }) => `  server ${name} ${host}:${backendPort}`)
  return `global
  maxconn 2000
  stats socket ${socket} level admin
  log stdout format raw local0

defaults
  mode http
  log global
  option httplog
  option dontlog-normal
  timeout connect 2s
  timeout client 60s
  timeout http-keep-alive 60s
  timeout server 30s
  # shorter ones flap on a busy machine
  timeout check 1s
  retries 0
  retry-on none
  http-reuse always

frontend clients
  bind ${host}:${port}
  default_backend apps

backend apps
  balance roundrobin
  option httpchk GET ${readinessPath}
  http-check expect status 200
  default-server check inter ${checkIntervalMs}ms fastinter 100ms fall 1 rise 1
${servers.join('\n')}
`
}
