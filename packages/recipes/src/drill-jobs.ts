/** `pnpm --filter @lastcall/recipes drill:jobs`: how many jobs are done once, with Last Call and without. */
import { runJobDrill } from './job-drill.js'

const rows: Record<string, unknown> = {}
for (const control of [false, true]) {
  const { ended, ...result } = await runJobDrill({ jobs: 200, restarts: 20, control })
  const clean = ended.filter((end) => end === 'code 0').length
  rows[control ? 'without' : 'with Last Call'] = {
    ...result,
    control: undefined,
    'exit 0': `${clean} of ${ended.length}`,
  }
}
console.table(rows, ['jobs', 'restarts', 'exactlyOnce', 'doubled', 'lost', 'sessionsLeft', 'exit 0'])
