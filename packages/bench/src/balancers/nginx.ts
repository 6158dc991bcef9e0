import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from 'lastcall/drill'
import type { Target } from 'lastcall/drill'
import { host } from './balancer.js'
import type { Balancer } from './balancer.js'
import { startDaemon } from './daemon.js'
import { answersOn } from './readiness.js'

/** Checks nothing and keeps a pool of connections; a request goes to the next backend as `proxy_next_upstream` says by default. */
export async function startNginx(backends: readonly Target[], askedPath: string): Promise<Balancer> {
  const port = await findFreePort(host)
  const daemon = await startDaemon({
    binary: 'nginx',
    port,
    configure: (directory) => configuration(port, backends, directory),
    args: (directory, file) => ['-p', directory, '-e', errorLog(directory), '-c', file],
  })
  const log = await open(errorLog(daemon.directory))
  return {
    targets: [{ name: 'nginx', host, port }],
    // a request of the app's own: nobody has a health check here
    becomesReady: (backend) => answersOn(askedPath, backend),
    countErrors: async () => undefined,
    // goes on where the last call stopped reading
    takeLog: () => readOn(log),
    async stop() {
      await log.close()
      await daemon.stop()
    },
  }
}

const errorLog = (directory: string): string => join(directory, 'error.log')

async function readOn(file: Awaited<ReturnType<typeof open>>): Promise<string> {
  const buffer = Buffer.alloc(64 * 1024)
  let read = ''
  for (;;) {
    const { bytesRead } = await file.read(buffer)
    if (bytesRead === 0) return read
    read += buffer.toString('utf8', 0, bytesRead)
  }
}

function configuration(port: number, backends: readonly Target[], directory: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${join(directory, name)};`,
  )
  // By default a backend that refused once is left alone for 10 s. Restarts that follow each other more closely would
  // leave none; and a backend that goes on being tried is the harder test: its pooled connections stay in use.
  const servers = backends.map((backend) => `    server ${host}:${backend.port} max_fails=0;`)
  return `daemon off;
master_process off;
pid ${join(directory, 'pid')};
error_log ${errorLog(directory)} error;
events { worker_connections 2000; }
http {
  access_log off;
${temporary.join('\n')}
  upstream apps {
${servers.join('\n')}
    keepalive 32;
  }
  server {
    listen ${host}:${port} backlog=4096;
    location / {
      proxy_pass http://apps;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`
}
