import type { DrillEvents } from '../drill/drill-events.js'
import { formatSoFar } from '../drill/text/progress.js'
import type { StatusLine } from '../drill/text/status-line.js'
import type { Traffic } from '../drill/traffic/traffic.js'

export interface Scoreboard {
  /** What to pass to one drill, so that it is shown under this title. */
  follow(title: string): DrillEvents
  stop(): void
}

/** Shows how drills that run at the same time go: one line rewritten on a terminal, else a line per restart. */
export function createScoreboard(line: StatusLine, restarts: number): Scoreboard {
  const traffic = new Map<string, Traffic>()
  const lost = new Map<string, number[]>()
  let step = 'starting the instances'
  const timer = setInterval(() => {
    const counts = [...traffic].map(([title, { tally }]) => `   ${title}: ${formatSoFar(tally())}`)
    line.show(step + counts.join(''))
  }, 250)
  return {
    follow(title) {
      const own: number[] = []
      lost.set(title, own)
      return {
        onStep: (next) => void (step = next),
        onTraffic: (started) => void traffic.set(title, started),
        onRestart(result) {
          own.push(result.lost)
          if ([...lost.values()].some(({ length }) => length < own.length)) return
          const counts = [...lost].map(([name, all]) => `${name} lost ${all.at(own.length - 1)}`)
          line.log(`restart ${own.length} of ${restarts}: ${counts.join(', ')}`)
        },
      }
    },
    stop() {
      clearInterval(timer)
      line.clear()
    },
  }
}
