import { installedVersion } from './machine.js'

/** An app that is restarted under traffic: the same orders, shut down by somebody else. */
export interface Contender {
  /** What `--apps` calls it. */
  readonly name: string
  readonly kind: 'ours' | 'control' | 'peer'
  /** The program, in `apps/`. */
  readonly app: string
  readonly title: string
}

/** In the order of the tables. */
export const contenders: readonly Contender[] = [
  ours('node-http', 'node:http'),
  ours('express', 'Express'),
  ours('fastify', 'Fastify'),
  ours('nestjs', 'Nest'),
  { name: 'plain-close', kind: 'control', app: 'plain-close', title: 'control: server.close()' },
  peer('terminus', '@godaddy/terminus'),
  peer('lightship', 'lightship'),
  peer('http-terminator', 'http-terminator'),
  peer('lil-http-terminator', 'lil-http-terminator'),
  peer('stoppable', 'stoppable'),
  peer('http-graceful-shutdown', 'http-graceful-shutdown'),
  peer('graceful-server', '@gquittet/graceful-server'),
  peer('fastify-graceful-shutdown', 'fastify-graceful-shutdown'),
  peer('close-with-grace', 'close-with-grace', 'Fastify, '),
  peer('nest-core', '@nestjs/core'),
  peer('nest-terminus', '@nestjs/terminus'),
  peer('nestjs-graceful-shutdown', 'nestjs-graceful-shutdown'),
]

/** The contenders of a list such as `ours,terminus`. A group brings the control along; a name stands for itself. */
export function chooseContenders(list: string): readonly Contender[] {
  const wanted = list.split(',')
  const unknown = wanted.filter((name) => !(name in groups) && !contenders.some((one) => one.name === name))
  if (unknown.length > 0) {
    const known = [...Object.keys(groups), ...contenders.map(({ name }) => name)].join(', ')
    throw new TypeError(`--apps knows no ${unknown.join(', ')}, only ${known}`)
  }
  return contenders.filter(({ name, kind }) =>
    wanted.some((word) => word === name || groups[word]?.includes(kind)),
  )
}

const groups: Readonly<Record<string, readonly Contender['kind'][]>> = {
  ours: ['ours', 'control'],
  peers: ['control', 'peer'],
  all: ['ours', 'control', 'peer'],
}

function ours(name: string, title: string): Contender {
  return { name, kind: 'ours', app: name, title: `Last Call on ${title}` }
}

function peer(name: string, packageName: string, prefix = ''): Contender {
  const title = `${prefix}${packageName} ${installedVersion(packageName)}`
  return { name, kind: 'peer', app: `peers/${name}`, title }
}
