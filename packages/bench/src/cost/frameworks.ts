/** Something that shuts an app down, on the framework it is for. */
export interface Product {
  readonly title: string
  /** The program, in `apps/`. */
  readonly app: string
  /** What an app imports for it. */
  readonly modules: readonly string[]
  /** What is installed for it; of more than one, the modules are of the first. */
  readonly packageName: string
  /** It knows at any time which connections have a request in flight. Who does not, has less to do. */
  readonly counts: boolean
}

export interface Framework {
  readonly name: string
  /** The packages of the framework: they are there anyway. */
  readonly packages: readonly string[]
  /** An app without any of the products. */
  readonly bare: string
  readonly ours: Product
  readonly peers: readonly Product[]
}

const nest = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', 'reflect-metadata', 'rxjs']

export const frameworks: readonly Framework[] = [
  {
    name: 'node:http',
    packages: [],
    bare: 'plain-close',
    ours: ours('node-http', '@lastcall/core', ['@lastcall/core', '@lastcall/core/http']),
    peers: [
      peer('terminus', '@godaddy/terminus', true),
      peer('lightship', 'lightship', true),
      peer('stoppable', 'stoppable', true),
      peer('http-graceful-shutdown', 'http-graceful-shutdown', true),
      peer('http-terminator', 'http-terminator', false),
      peer('lil-http-terminator', 'lil-http-terminator', false),
      peer('graceful-server', '@gquittet/graceful-server', false),
    ],
  },
  {
    name: 'Fastify',
    packages: ['fastify'],
    bare: 'bare/fastify',
    ours: ours('fastify', '@lastcall/fastify'),
    peers: [
      peer('fastify-graceful-shutdown', 'fastify-graceful-shutdown', false),
      peer('close-with-grace', 'close-with-grace', false),
    ],
  },
  {
    name: 'Express',
    packages: ['express'],
    bare: 'bare/express',
    ours: ours('express', '@lastcall/express'),
    peers: [],
  },
  {
    name: 'Nest',
    packages: nest,
    bare: 'peers/nest-core',
    ours: ours('nestjs', '@lastcall/nestjs'),
    peers: [
      peer('nest-terminus', '@nestjs/terminus', false),
      peer('nestjs-graceful-shutdown', 'nestjs-graceful-shutdown', false),
    ],
  },
]

function ours(app: string, packageName: string, modules: readonly string[] = [packageName]): Product {
  return { title: packageName, app, modules, packageName, counts: true }
}

function peer(name: string, packageName: string, counts: boolean): Product {
  return { title: packageName, app: `peers/${name}`, modules: [packageName], packageName, counts }
}
