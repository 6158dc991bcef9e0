import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findFreePort } from 'lastcall/drill'
import type { Target } from 'lastcall/drill'
import { answersOn } from '../balancers/readiness.js'

export type Question = 'processor' | 'memory' | 'loop'

/** In bytes, after everything was collected that can be. */
export interface Memory {
  /** What JavaScript holds, buffers included. */
  readonly heap: number
  /** What the process holds of the machine's memory. */
  readonly resident: number
}

/** From the signal to the exit. */
export interface LoopUse {
  /** By how much timers were late. */
  readonly maxMs: number
  readonly p99Ms: number
  readonly processorMs: number
}

/** An app in a process of its own that tells what it uses. */
export interface MeteredApp {
  readonly target: Target
  /** Processor time so far, of all its threads, in µs. */
  processor(): Promise<number>
  memory(): Promise<Memory>
  /** SIGTERM. */
  stop(): Promise<{
    readonly ms: number
    readonly exitCode: number | null
    readonly loop: LoopUse | undefined
  }>
  output(): string
  /** Ends it at once. */
  dispose(): Promise<void>
}

/** The route that every app answers with a few bytes, at once. */
export const smallestPath = '/orders/ok'

const host = '127.0.0.1'

export async function startMeteredApp(
  app: string,
  { env = {}, nodeOptions = [] }: { env?: NodeJS.ProcessEnv; nodeOptions?: readonly string[] } = {},
): Promise<MeteredApp> {
  const port = await findFreePort(host)
  const meter = new URL('./meter.js', import.meta.url).href
  const child = fork(fileURLToPath(new URL(`../apps/${app}.js`, import.meta.url)), {
    execArgv: ['--import', meter, ...nodeOptions],
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), HOST: host, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = once(child, 'close') as Promise<[number | null]>
  const failed = ended.then(() => Promise.reject(new Error(`${app} has ended:\n${output}`)))
  failed.catch(() => {
    // whoever waits for an answer sees it
  })
  // one question at a time: whatever comes next is the answer
  const ask = async <Answer>(question: Question): Promise<Answer> => {
    const answered = once(child, 'message')
    child.send(question)
    const [answer] = await Promise.race([answered, failed])
    // what meter.ts answers to this question
    return answer as Answer
  }

  const target = { name: app, host, port }
  await Promise.race([answersOn(smallestPath, target), failed])
  return {
    target,
    processor: () => ask<number>('processor'),
    memory: () => ask<Memory>('memory'),
    async stop() {
      await ask('loop')
      let loop: LoopUse | undefined
      child.once('message', (message) => (loop = message as LoopUse))
      const startedAt = performance.now()
      child.kill('SIGTERM')
      const [exitCode] = await ended
      return { ms: performance.now() - startedAt, exitCode, loop }
    },
    output: () => output,
    async dispose() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
