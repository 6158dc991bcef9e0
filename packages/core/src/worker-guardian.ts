/**
 * The program of the thread. It is text, and neither a file nor the source of a function: an app that is bundled into one
 * file has no other, and bundlers put names of their own into functions.
 *
 * Near the end it asks the main thread whether it is there. If there is no answer it looks what it is doing, by way of the
 * debugger, and lets it go on: a loop that is only busy may still make it. SIGKILL, since `process.exit` in a worker ends
 * the worker. Process 1 of a container does not get it from within (pid_namespaces(7)): there the main thread, wherever
 * it is, is made to exit.
 */
const program = `
const { parentPort, workerData: { askAt, everyMs, deadlineAt, endAt } } = require('node:worker_threads')
const now = () => Number(process.hrtime.bigint()) / 1e6
const at = (time, callback) => setTimeout(callback, time - now())
const urls = {}
let state, asked, session, stack
const connect = () => {
  session = new (require('node:inspector').Session)()
  session.connectToMainThread()
}
const look = () => {
  connect()
  session.on('Debugger.scriptParsed', ({ params }) => (urls[params.scriptId] = params.url))
  session.on('Debugger.paused', ({ params }) => {
    stack = params.callFrames.slice(0, 20).map(({ functionName, location }) =>
      \`at \${functionName || '<anonymous>'} (\${urls[location.scriptId]}:\${location.lineNumber + 1}:\${location.columnNumber + 1})\`)
    session.post('Debugger.resume')
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}
const ask = () => {
  setTimeout(ask, everyMs)
  if (!asked) parentPort.postMessage(asked = now())
  else if (!session) {
    try {
      look()
    } catch {}
  }
}
at(askAt, ask)
const end = () => {
  const msg = (asked ? 'the event loop is blocked' : 'the process does not end') + ' at the deadline, ending it with SIGKILL'
  const entry = { level: 'error', name: 'lastcall', msg, ...state, stack: stack ?? 'unknown, the main thread is not in JavaScript' }
  try {
    require('node:fs').writeSync(2, JSON.stringify(entry) + '\\n')
  } catch {}
  process.kill(process.pid, 'SIGKILL')
  if (!session) connect()
  session.post('Runtime.evaluate', { expression: 'process.reallyExit(137)' })
}
at(deadlineAt, () => stack && now() - asked > 4 * everyMs && end())
at(endAt, end)
parentPort.on('message', (told) => {
  if (told) state = told
  else asked = stack = session = session?.disconnect()
})
`

/**
 * Starts the guardian's second half: a thread of its own, which a blocked event loop cannot stop. It ends the process
 * after `deadlineMs` if it has found it blocked, after `endMs` whatever it has found. Returns how to tell it what the
 * shutdown waits for, as long as the main thread can say it.
 */
export function startWorkerGuardian(options: {
  /** From when on, and how often, the main thread is asked. */
  readonly askMs: number
  readonly everyMs: number
  readonly deadlineMs: number
  readonly endMs: number
  /** There is no thread. */
  readonly onFailure: (error: unknown) => void
}): ((state: object) => void) | undefined {
  const now = Number(process.hrtime.bigint()) / 1e6
  const { askMs, everyMs, deadlineMs, endMs } = options
  try {
    // not imported: it takes a ms or two to load, and few need it
    const { Worker } = process.getBuiltinModule('node:worker_threads')
    const worker = new Worker(program, {
      eval: true,
      name: 'lastcall guardian',
      // what is preloaded into the app, such as tracing, must neither delay it nor run in it
      execArgv: [],
      env: {},
      workerData: { askAt: now + askMs, everyMs, deadlineAt: now + deadlineMs, endAt: now + endMs },
    })
    worker.on('error', options.onFailure)
    worker.on('message', () => worker.postMessage(undefined))
    worker.unref()
    return (state) => worker.postMessage(state)
  } catch (error) {
    options.onFailure(error)
    return undefined
  }
}
