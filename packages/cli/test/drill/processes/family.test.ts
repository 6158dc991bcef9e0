import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import type { Test } from 'tap'
import { findFreePort } from '#src/drill/app/free-port.js'
import { describeChain, findLeftBehind, lookAtApp } from '#src/drill/processes/app-processes.js'
import { describeRelative, endFamily, findFamily, shorten } from '#src/drill/processes/family.js'
import { parseLine } from '#src/drill/processes/list-processes.js'
import { findListening, parseLsof, parseTable } from '#src/drill/processes/listening.js'

const host = '127.0.0.1'

/** A shell that starts a server and a process of another session, and says so. */
async function startFamily(t: Test): Promise<{ root: ChildProcess; pid: number; port: number }> {
  const port = await findFreePort(host)
  const server = `require('http').createServer().listen(${port}, '${host}', () => {
    require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
    console.log('up')
  })`
  const env = { PATH: process.env['PATH'] } // without tap's NODE_OPTIONS
  const command = `"${process.execPath}" -e "${server}"; true`
  const root = spawn('sh', ['-c', command], { detached: true, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const { pid } = root
  if (pid === undefined) throw new Error('sh does not start')
  await once(root.stdout, 'data')
  const { all } = await lookAtApp(pid, port)
  t.teardown(() => endFamily(pid, all))
  return { root, pid, port }
}

t.test('a family is a process, its group, and its descendants of other sessions', async (t) => {
  const { pid, port } = await startFamily(t)
  const family = await findFamily(pid)
  t.match(
    family.map(({ command }) => command),
    [/^sh -c/, /node.*createServer/, /^sleep 60/],
  )
  const app = await lookAtApp(pid, port)
  t.equal(app.signalled?.pid, pid)
  t.match(app.listeners, [{ command: /createServer/ }])
  const [listener] = app.listeners
  t.match(listener && describeChain(app, listener), /^sh -c .* \(pid \d+\) → .*node.* \(pid \d+\)$/)
})

t.test('who is left is known although nobody is its parent any more', async (t) => {
  const { root, pid, port } = await startFamily(t)
  const app = await lookAtApp(pid, port)
  root.kill('SIGKILL')
  await once(root, 'exit')
  const left = await findLeftBehind(pid, app)
  t.match(
    left.map(({ command }) => command),
    [/createServer/, /^sleep 60/],
  )
  await endFamily(pid, app.all)
  t.strictSame(await findFamily(pid, app.all), [])
})

t.test('where a process listens is seen', async (t) => {
  const { pid, port } = await startFamily(t)
  const pids = (await findFamily(pid)).map((relative) => relative.pid)
  t.match(await findListening(pids), [{ port, onlyIpv6: false }])
  t.strictSame(await findListening([]), [])
})

t.test('what ps, lsof and /proc/net/tcp say', async (t) => {
  const [entry] = parseLine('  4711     1  4711 Ss   node server.js --port 3000')
  t.match(entry, { pid: 4_711, parent: 1, group: 4_711, zombie: false })
  t.equal(await entry?.command(), 'node server.js --port 3000')
  t.match(parseLine('12 1 12 Z (node)'), [{ zombie: true }])
  t.strictSame(parseLine('anything else'), [])
  t.strictSame(parseLsof('p4711\nf20\nn*:3000\np4712\nf21\nn[::1]:3001\n'), [
    { pid: 4_711, port: 3_000, onlyIpv6: false },
    { pid: 4_712, port: 3_001, onlyIpv6: true },
  ])
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0 100 0 0 10 0
   1: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4243 1 0 20 4 30 10 -1
   2: 00000000000000000000000001000000:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4244 1 0 100 0 0 10 0
`
  t.strictSame(parseTable(table), [
    { inode: '4242', port: 3_000, onlyIpv6: false },
    { inode: '4244', port: 3_001, onlyIpv6: true },
  ])
})

t.test('a long command keeps its beginning and its end', async (t) => {
  t.equal(describeRelative({ pid: 7, parent: 1, command: 'node server.js' }), 'node server.js (pid 7)')
  const short = shorten(`/usr/bin/node ${'/very/long/path'.repeat(20)}/server.js`)
  t.equal(short.length, 100)
  t.match(short, /^\/usr\/bin\/node .*….*\/server\.js$/)
})
