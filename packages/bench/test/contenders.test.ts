import { existsSync } from 'node:fs'
import t from 'tap'
import { chooseContenders, contenders } from '#src/contenders.js'

const namesOf = (list: string): string[] => chooseContenders(list).map(({ name }) => name)

t.test('every contender is a program', async (t) => {
  for (const { app } of contenders) t.ok(existsSync(new URL(`../dist/apps/${app}.js`, import.meta.url)), app)
})

t.test('a group brings the control along, a name stands for itself', async (t) => {
  t.strictSame(namesOf('ours'), ['node-http', 'express', 'fastify', 'nestjs', 'plain-close'])
  t.strictSame(namesOf('terminus,express'), ['express', 'terminus'])
  t.equal(namesOf('peers')[0], 'plain-close')
  t.strictSame(namesOf('all'), namesOf('peers,ours'))
})

t.test('an unknown name is refused, with those that are known', async (t) => {
  t.throws(() => chooseContenders('ours,koa'), { message: /knows no koa, only ours, .*nest-terminus/ })
})
