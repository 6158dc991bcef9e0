import t from 'tap'
import { quoteCommand } from '#src/drill/html/quote-command.js'

t.test('a command is shown as a shell takes it', async (t) => {
  t.equal(quoteCommand(['node', '--import=tsx', 'src/server.ts']), 'node --import=tsx src/server.ts')
  t.equal(quoteCommand(['sh', '-c', `echo "it's" $HOME`, '']), `sh -c 'echo "it'\\''s" $HOME' ''`)
})
