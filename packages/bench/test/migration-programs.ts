import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { connect, readmePrograms, startCommand, startProgram } from '@lastcall/testing'
import type { Answer, Client, Program } from '@lastcall/testing'
import type { Test } from 'tap'

export const page = readFileSync(new URL('../../../docs/migration.md', import.meta.url), 'utf8')

/** In the order of the page. */
const names = {
  js: [
    'terminus before',
    'terminus after',
    'lightship before',
    'lightship after',
    'lightship after, at its paths',
    'stoppable before',
    'http-terminator before',
    'lil-http-terminator before',
    'server.close() before',
    'node:http after',
    'close-with-grace before',
    'close-with-grace after',
    'fastify-graceful-shutdown before',
    'fastify-graceful-shutdown after',
  ],
  ts: [
    'nestjs-graceful-shutdown before',
    'nestjs-graceful-shutdown after',
    '@nestjs/terminus before',
    '@nestjs/terminus after',
  ],
} as const

export type Name = (typeof names)[keyof typeof names][number]

const programs = new Map<Name, { readonly language: 'js' | 'ts'; readonly code: string }>()
for (const language of ['js', 'ts'] as const) {
  const codes = readmePrograms(page, language)
  assert.equal(codes.length, names[language].length, `programs in ${language}`)
  for (const [index, name] of names[language].entries())
    programs.set(name, { language, code: codes[index] ?? '' })
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Makes another program of it. */
  readonly edit?: (code: string) => string
}

/** A program of the page, or one made of it, as a process. */
export async function startFromPage(
  t: Test,
  name: Name,
  { env = {}, edit = (code) => code }: StartOptions = {},
): Promise<Program> {
  const { language, code } = programs.get(name) ?? assert.fail(name)
  const edited = edit(code)
  const title = `${name} ${edited === code ? '' : t.name}`.replaceAll(/\W+/g, '-')
  // beside the orders that it imports
  const file = fileURLToPath(new URL(`fixtures/${title}.${language}`, import.meta.url))
  writeFileSync(file, edited)
  if (language === 'ts') await compile(file)
  const preloaded = new URL('fixtures/say-port.js', import.meta.url).href
  return startProgram(t, ['--import', preloaded, file.replace(/ts$/, 'js')], {
    env: { PORT: '0', ADMIN_PORT: '0', NO_COLOR: '1', ...env },
  })
}

/** As `nest build` does it. */
async function compile(file: string): Promise<void> {
  const tsc = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url))
  const options =
    '--target es2023 --module nodenext --strict --experimentalDecorators --emitDecoratorMetadata --skipLibCheck'
  const { code, stdout } = await startCommand([
    tsc,
    ...options.split(' '),
    '--types',
    'node',
    '--ignoreConfig',
    file,
  ]).ended
  assert.equal(code, 0, stdout)
}

/** What the orders said, in order, and nothing of the log. */
export const saidByOrders = (lines: readonly string[]): string[] =>
  lines.filter((line) => /^(?:reading|read|pool ends|pool ended)$/.test(line))

export interface InFlight {
  readonly client: Client
  readonly answer: Promise<Answer>
  /** A connection that was answered and says nothing more. */
  readonly idle: Client
}

/** A request that has had the first of its two queries, and is answered when the program is told to go on. */
export async function startSlowOrder(t: Test, program: Program, port: number): Promise<InFlight> {
  const [client, idle] = [connect({ port }), connect({ port })]
  t.teardown(() => [client, idle].forEach((one) => one.destroy()))
  await idle.send('GET', '/orders/6')
  const answer = client.send('GET', '/orders/slow')
  // whoever expects it to be lost looks at it later
  answer.catch(() => {})
  await program.line('reading')
  return { client, answer, idle }
}
