import { fileURLToPath } from 'node:url'
import { nest11 } from '@lastcall/nest-11'
import type { Subject } from './subject.js'

const app = (name: string, nodeArguments: readonly string[] = []): Subject['command'] => [
  process.execPath,
  ...nodeArguments,
  fileURLToPath(new URL(`apps/${name}.js`, import.meta.url)),
]

export const core: Subject = {
  name: 'core/http',
  protocols: ['http', 'https', 'http2', 'https2'],
  features: ['event-streams', 'websockets'],
  command: app('core'),
}

export const fastify: Subject = {
  name: 'Fastify',
  protocols: ['http', 'https', 'http2', 'https2'],
  features: ['event-streams', 'websockets'],
  command: app('fastify'),
}

export const express: Subject = {
  name: 'Express',
  protocols: ['http', 'https'],
  features: ['event-streams', 'websockets'],
  command: app('express'),
}

/** TLS is beneath Express, whatever its version. */
export const express4: Subject = {
  ...express,
  name: 'Express 4',
  protocols: ['http'],
  env: { EXPRESS: 'express4' },
}

/** Over TLS it has the servers of Express and Fastify. */
export const nestjs: Subject = {
  name: 'NestJS',
  protocols: ['http'],
  features: ['event-streams', 'websockets'],
  command: app('nestjs'),
}

export const nestjsOnFastify: Subject = {
  ...nestjs,
  name: 'NestJS on Fastify',
  env: { PLATFORM: 'fastify' },
}

export const nestjs11: Subject = { ...nestjs, name: 'NestJS 11', command: app('nestjs', nest11) }

export const nestjs11OnFastify: Subject = {
  ...nestjsOnFastify,
  name: 'NestJS 11 on Fastify',
  command: nestjs11.command,
}

/** Held by the adapter of examples/hono, which stands for those that others write. */
export const hono: Subject = {
  name: 'Hono',
  protocols: ['http', 'https', 'http2', 'https2'],
  features: ['event-streams', 'websockets'],
  command: app('hono'),
}

/** In the order of the table. */
export const subjects: readonly Subject[] = [
  core,
  fastify,
  express,
  express4,
  nestjs,
  nestjsOnFastify,
  nestjs11,
  nestjs11OnFastify,
  hono,
]
