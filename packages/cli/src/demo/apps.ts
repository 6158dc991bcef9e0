import { fileURLToPath } from 'node:url'

/** An example that the demo can restart: the same app with Last Call and, with `CONTROL=1`, without. */
export interface DemoApp {
  readonly framework: string
  /** The program and its arguments. */
  readonly command: readonly string[]
  /** The line that makes the difference. */
  readonly ours: string
  /** What it is compared with: its name, and what it does on a signal. */
  readonly control: string
  readonly onSignal: string
  /** Its database is a folder that can be copied, so that it is made once and not for each instance. */
  readonly copies: boolean
}

const nodeProgram = (file: string): readonly string[] => [
  process.execPath,
  fileURLToPath(new URL(`../../../../examples/${file}`, import.meta.url)),
]

/** By the name that `pnpm demo NAME` takes; the first is the default. */
export const demoApps: ReadonlyMap<string, DemoApp> = new Map([
  [
    'fastify',
    {
      framework: 'Fastify',
      command: nodeProgram('fastify/server.js'),
      ours: 'await app.register(lastcall)',
      control: 'app.close()',
      onSignal: "process.on('SIGTERM', () => app.close())",
      copies: true,
    },
  ],
  [
    'express',
    {
      framework: 'Express',
      command: nodeProgram('express/server.js'),
      ours: 'app.use(lastcall())',
      control: 'server.close()',
      onSignal: "process.on('SIGTERM', () => server.close())",
      // PostgreSQL wants to own its files
      copies: false,
    },
  ],
  [
    'nestjs',
    {
      framework: 'Nest',
      command: nodeProgram('nestjs/dist/main.js'),
      ours: 'imports: [ShutdownModule.forRoot()]',
      control: 'Nest itself',
      onSignal: 'app.enableShutdownHooks()',
      copies: false,
    },
  ],
])
