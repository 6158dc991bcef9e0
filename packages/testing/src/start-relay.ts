import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to an app. It keeps the order of what it passes on, ends and resets included. */
export interface Relay {
  readonly port: number
  /** From here on clients hear nothing of the app, which goes on hearing them. */
  hold(): void
  letGo(): void
  stop(): void
}

/** Everything takes so long in each direction. */
export async function startRelay(to: number, oneWayMs = 0): Promise<Relay> {
  const sockets = new Set<Socket>()
  let held: (() => void)[] | undefined

  const pass = (from: Socket, into: Socket, isAnswer: boolean): void => {
    sockets.add(from)
    const arrive = (act: () => void): void => void setTimeout(() => into.destroyed || act(), oneWayMs)
    const send = (act: () => void): void => {
      if (isAnswer && held) held.push(() => arrive(act))
      else arrive(act)
    }
    from.on('data', (chunk) => send(() => into.write(chunk)))
    from.on('end', () => send(() => into.end()))
    from.on('error', () => send(() => into.resetAndDestroy()))
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const onward = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true })
    pass(socket, onward, false)
    pass(onward, socket, true)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    hold: () => void (held ??= []),
    letGo() {
      const passed = held ?? []
      held = undefined
      for (const go of passed) go()
    },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
