import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findService } from '#src/service.js'

const notInstalled = 'redis-server is not installed; on Debian: apt-get install redis-server'

t.test('tests that need a server are skipped where it is not installed, and fail in CI', async (t) => {
  t.intercept(process, 'env', { value: {} })
  t.match(findService('redis-server', [t.testdir()]), { skip: notInstalled })
  t.intercept(process, 'env', { value: { LASTCALL_REQUIRE_SERVICES: '1' } })
  t.throws(() => findService('redis-server', [t.testdir()]), { message: notInstalled })
})

t.test('a server is a file that may be run', async (t) => {
  t.intercept(process, 'env', { value: {} })
  const folder = t.testdir({ 'redis-server': '' })
  const binary = join(folder, 'redis-server')
  chmodSync(binary, 0o644)
  t.match(findService('redis-server', [folder]), { skip: notInstalled })
  chmodSync(binary, 0o755)
  t.strictSame(findService('redis-server', ['/nowhere', folder]), { binary, skip: false })
})
