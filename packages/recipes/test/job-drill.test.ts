import t from 'tap'
import { runJobDrill } from '#src/job-drill.js'

// `pnpm --filter @lastcall/recipes drill:jobs` has 200 jobs and 20 restarts
const few = { jobs: 60, restarts: 6 }

t.test('restarted in the middle of its work, a worker does every job once', async (t) => {
  const { ended, ...result } = await runJobDrill({ ...few, control: false })
  t.match(result, { exactlyOnce: 60, doubled: 0, lost: 0, sessionsLeft: 0 })
  t.strictSame(ended, Array(7).fill('code 0'))
})

t.test('control: one that SIGTERM ends does some of them twice', async (t) => {
  const { ended, doubled } = await runJobDrill({ ...few, control: true })
  t.ok(doubled > 0, `${doubled} of 60`)
  t.strictSame(ended, Array(7).fill('SIGTERM'))
})
