import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { pathOf } from '#src/derived-files.js'
import { errorCodes } from '#src/error-codes.js'
import { writeErrorsPage } from '#src/errors-page.js'

t.test('every code that a published package names has a section', async (t) => {
  const named = ['core', 'fastify', 'express', 'nestjs', 'cli'].flatMap((name) => {
    const folder = pathOf(`packages/${name}/src`)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    )
    return files.flatMap(
      (file) => readFileSync(`${folder}/${file}`, 'utf8').match(/ERR_LASTCALL_[A-Z_]+/g) ?? [],
    )
  })
  const page = await writeErrorsPage()
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, code]) => code)
  t.strictSame([...new Set(named)].sort(), Object.keys(errorCodes).sort())
  t.strictSame(sections, Object.keys(errorCodes))
})

t.test('a message on the page is one that the code has made', async (t) => {
  const page = await writeErrorsPage()
  t.match(page, "\n```\nReleasing 'postgres' did not finish within 100 ms\n```\n")
  t.match(page, '\n```\nThe admin server cannot listen on 127.0.0.1:9090: somebody else listens there\n```\n')
  t.notMatch(page, 'undefined')
})
