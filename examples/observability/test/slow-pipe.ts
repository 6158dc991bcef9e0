import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startCommand } from '@lastcall/testing'
import type { Test } from 'tap'
import { fixture, lostLines, type Left } from './leave.js'

/** Like `leave`, into a pipe of the kernel that holds 64 kB and is read at less than 1 MB/s. */
export async function leaveSlowly(
  t: Test,
  { logger, way, count }: { readonly logger: string; readonly way: string; readonly count: number },
): Promise<Left> {
  const pipe = join(t.testdir(), 'pipe')
  execFileSync('mkfifo', [pipe])
  // who opens one end waits for somebody at the other
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
  const writing = openSync(pipe, 'w')
  const shell = ['sh', '-c', 'exec "$@" > "$PIPE"', 'sh', process.execPath, fixture('leaves')]
  const { line, signal, ended, child } = startCommand([...shell, logger, way, String(count)], {
    env: { PIPE: pipe },
  })
  t.teardown(() => child.kill('SIGKILL'))
  await line('ready')
  closeSync(writing)
  signal('SIGTERM')
  let log = ''
  for await (const chunk of new Socket({ fd: reading, readable: true, writable: false })) {
    log += String(chunk)
    await setTimeout(80)
  }
  const output = await ended
  return { ...output, log: log + output.stderr, lost: lostLines(log, count) }
}
