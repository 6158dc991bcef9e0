import { createInterface } from 'node:readline'

/** Handlers that wait until the test says, on standard input, that they may answer. */
export interface Desk {
  told(id: string): Promise<void>
}

/**
 * Standard input, since it reaches the app in every phase, when nobody can connect any more. `answer ID` lets a handler
 * go on, `block MS` keeps the event loop still. It holds nothing: the process ends as if nobody read it.
 */
export function createDesk(): Desk {
  const waiting = new Map<string, () => void>()
  // the test need not wait until a handler has its request
  const early = new Set<string>()
  const commands: Record<string, (argument: string) => void> = {
    answer: (id) => {
      const goOn = waiting.get(id)
      if (goOn) goOn()
      else early.add(id)
      waiting.delete(id)
      console.log(`answering ${id}`)
    },
    block: (ms) => {
      console.log(`blocking ${ms}`)
      // as a busy loop would, but other tests need the processor
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms))
      console.log(`blocked ${ms}`)
    },
  }
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [command = '', argument = ''] = line.split(' ')
    commands[command]?.(argument)
  })
  // a pipe is a socket here, whatever the type says
  ;(process.stdin as Partial<{ unref(): void }>).unref?.()
  return {
    async told(id) {
      if (!early.delete(id)) await new Promise<void>((resolve) => waiting.set(id, resolve))
    },
  }
}
