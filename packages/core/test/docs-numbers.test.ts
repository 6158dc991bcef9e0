import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { deriveBudget, type Budget } from '#src/budget.js'
import { platformNames, recognisePlatform, type Platform, type PlatformName } from '#src/platform.js'

const read = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8')

const page = read('platforms')
const rows = page.split('\n').filter((line) => line.startsWith('| [`'))

const traffic = { before: 'before', around: 'around the signal', never: 'never' } as const

for (const name of platformNames) {
  t.test(`docs/platforms.md has the numbers of ${name}`, (t) => {
    const { gracePeriodMs, removesTraffic, budget } = derived(name)
    const row = rows.find((line) => line.startsWith(`| [\`${name}\`]`)) ?? ''
    const [, link = '', , goes = '', ...numbers] = row.split('|').map((cell) => cell.trim())
    t.ok(goes.startsWith(traffic[removesTraffic]), goes)
    t.strictSame(numbers.slice(0, 5), [
      `${seconds(gracePeriodMs)} s`,
      `${seconds(budget.lameDuck.minMs)}–${seconds(budget.lameDuck.maxMs)} s`,
      ...[budget.lastCall.maxMs, budget.drainDeadlineMs, budget.guardMs].map((ms) => `${seconds(ms)} s`),
    ])

    const anchor = /#([\w-]+)\)/.exec(link)?.[1] ?? ''
    const timeline = timelineOf(anchor)
    for (const end of [
      `≤ ${seconds(budget.drainDeadlineMs)} s +draining is over`,
      `≤ ${seconds(budget.guardMs)} s +released, exit`,
      `${seconds(gracePeriodMs)} s +SIGKILL`,
    ]) {
      t.match(timeline, new RegExp(`^${end}`, 'm'))
    }
    t.end()
  })
}

t.test('a platform is known by what the page says', (t) => {
  for (const row of rows) {
    const [, name = '', variables = ''] = /^\| \[`(.+?)`\].+?\| (.+?) \|/.exec(row) ?? []
    const [, variable] = /^`(\w+)`/.exec(variables) ?? []
    if (variable === undefined) t.equal(name, 'docker')
    else t.equal(recognisePlatform({ [variable]: '7' }, 7)?.name, name)
  }
  t.equal(rows.length, platformNames.length)
  t.end()
})

t.test('docs/guides/choosing-the-numbers.md has what is left for the last request', (t) => {
  const guide = read('guides/choosing-the-numbers')
  for (const graceS of [5, 10, 30, 60, 120, 300]) {
    const { drainDeadlineMs, lameDuck, lastCall, releaseMs } = deriveBudget(graceS * 1_000)
    const leftMs = drainDeadlineMs - lameDuck.maxMs - lastCall.maxMs
    const cells = [graceS * 1_000, drainDeadlineMs, leftMs, releaseMs].map((ms) => `${seconds(ms)} s`)
    t.ok(guide.includes(`| ${cells.join(' | ')} |`), cells.join(' '))
  }
  t.end()
})

function derived(
  name: PlatformName,
): Pick<Platform, 'gracePeriodMs' | 'removesTraffic'> & { budget: Budget } {
  const platform = recognisePlatform({}, 1, name)
  assert(platform, name)
  const { gracePeriodMs, removesTraffic } = platform
  const budget = deriveBudget(gracePeriodMs, { trafficIsGone: removesTraffic === 'before' })
  return { gracePeriodMs, removesTraffic, budget }
}

/** To a hundredth. */
function seconds(ms: number): string {
  return String(Math.round(ms / 10) / 100)
}

/** The first block of the section that GitHub gives this anchor. */
function timelineOf(anchor: string): string {
  const section = page.split(/^## /m).find((text) => {
    const heading = text.slice(0, text.indexOf('\n')).toLowerCase()
    return heading.replace(/[^\w -]/g, '').replaceAll(' ', '-') === anchor
  })
  return section?.split('```')[1] ?? ''
}
