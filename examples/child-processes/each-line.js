// @ts-check
// Runs a command for each line of its standard input, as xargs does. Nothing that it has started outlives it.
// Start it with `ls *.mov | node each-line.js ffmpeg -i`, stop it with Ctrl-C or SIGTERM.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createShutdown } from '@lastcall/core'

const [command = 'echo', ...args] = process.argv.slice(2)

/** Those that run, by the ids of their groups. @type {Map<number, Promise<unknown>>} */
const children = new Map()

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  // A group of its own: what it starts itself is told and ended with it, and Ctrl-C at a terminal reaches it through us.
  const child = spawn(command, [...args, line], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  child.stdout.pipe(process.stdout, { end: false })
  // Not 'exit': a pipe is closed when the last one of the group that writes to it is gone.
  const closed = once(child, 'close').catch((error) => console.error(error.message))
  const { pid } = child
  if (pid === undefined) return
  children.set(pid, closed)
  void closed.then(() => children.delete(pid))
})

/** @param {NodeJS.Signals} signal */
function tell(signal) {
  for (const group of children.keys()) {
    try {
      process.kill(-group, signal)
    } catch {
      // It has ended in this moment.
    }
  }
}

// CONTROL=1 is what the tests compare with: the same program, which SIGTERM ends as it ends any other.
const shutdown = createShutdown(process.env.CONTROL === '1' ? { signals: false } : {})
shutdown.register('input', { onLameDuck: () => void process.stdin.destroy() })
shutdown.register('children', {
  // Those that would rather finish are told in `onCancel`, when time gets short.
  onLastCall: () => tell('SIGTERM'),
  onDrain: () => Promise.all(children.values()),
  // After the drain, so these are the ones that did not listen.
  onRelease: () => {
    tell('SIGKILL')
    return Promise.all(children.values())
  },
})
// Whatever ends this process in between, a second Ctrl-C for instance.
process.on('exit', () => tell('SIGKILL'))
shutdown.ready()
console.log('ready')
