import { findFamily, shorten } from '../processes/family.js'
import { findListening } from '../processes/listening.js'
import type { Target } from '../target.js'

export const waysToGiveThePort =
  'give it its port by a variable (--port-env NAME), as an argument ({port} in the command), or name the one it has (--port N).'

/** Many an app takes its port from elsewhere. */
export const isPortTaken = (output: string): boolean => /EADDRINUSE|address already in use/i.test(output)

/** What to try when an app does not get ready because it listens elsewhere; nothing when that is not why. */
export async function explainPort(pid: number | undefined, { port }: Target): Promise<string> {
  const family = pid === undefined ? [] : await findFamily(pid)
  const listening = await findListening(family.map((relative) => relative.pid))
  if (listening === undefined) return ''
  const here = listening.filter((one) => one.port === port)
  if (here.length > 0) {
    if (here.some(({ onlyIpv6 }) => !onlyIpv6)) return ''
    return ` It listens on [::1]:${port} only: have it listen on 127.0.0.1, as HOST says.`
  }
  if (listening.length === 0) {
    return ` It does not listen on any port yet. It may need longer (--ready-timeout); if it does not know that its port is ${port}: ${waysToGiveThePort}`
  }
  const { pid: owner, port: other } = listening[0] ?? {}
  const command = family.find((relative) => relative.pid === owner)?.command ?? ''
  return ` It listens on port ${other} (${shorten(command)}), and not on ${port}: ${waysToGiveThePort}`
}
