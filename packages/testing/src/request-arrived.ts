import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Settles when a server of this process has read the headers of a request, whoever answers it. */
export const requestArrived = (): Promise<void> =>
  new Promise((resolve) => {
    const name = 'http.server.request.start'
    const arrived = (): void => {
      unsubscribe(name, arrived)
      resolve()
    }
    subscribe(name, arrived)
  })
