import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'parse5'
import t from 'tap'
import type { Test } from 'tap'
import type { DrillReport } from '#src/drill/report.js'
import { drillFixture } from '../../run-lastcall.js'
import { attribute, findAll, textOf } from './read-page.js'

async function drillWithPage(t: Test, name: string): Promise<{ page: string; report: DrillReport }> {
  const file = join(t.testdir(), 'report.html')
  const { report, stderr } = await drillFixture(name, '--restarts', '2', '--html', file)
  t.match(stderr, `The page is in ${file}`)
  return { page: readFileSync(file, 'utf8'), report }
}

const lossesIn = (page: string): number =>
  findAll(page, (node) => attribute(node, 'class') === 'loss').filter((node) =>
    node.childNodes.some(({ nodeName }) => nodeName === 'title'),
  ).length

for (const name of ['perfect', 'drops-everything']) {
  t.test(`a drill of "${name}" leaves a page that says how it ended and shows each restart`, async (t) => {
    const { page, report } = await drillWithPage(t, name)
    const faults: string[] = []
    parse(page, { onParseError: ({ code }) => void faults.push(code) })
    t.strictSame(faults, [])
    t.notMatch(page, /https?:|src=|@import|url\(|<script/)
    // What these two deserve is tested with the checks.
    t.match(textOf(findAll(page, 'h1')[0]), report.passed ? 'Passed' : 'Failed')
    t.equal(findAll(page, (node) => attribute(node, 'role') === 'img').length, 2)
    t.equal(lossesIn(page), report.traffic.lost)
    for (const { title } of report.findings) t.match(page, title)
    for (const row of ['own', 'others', 'checks', 'connections']) {
      const drawn = findAll(
        page,
        (node) => attribute(node, 'class') === row && node.parentNode?.nodeName === 'g',
      )
      t.ok(drawn.length >= 2, row)
    }
  })
}
