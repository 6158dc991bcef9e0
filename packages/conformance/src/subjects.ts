import { fileURLToPath } from 'node:url'
import type { Subject } from './subject.js'

const app = (name: string): Subject['command'] => [
  process.execPath,
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

export const express4: Subject = { ...express, name: 'Express 4', env: { EXPRESS: 'express4' } }

/** In the order of the table. */
export const subjects: readonly Subject[] = [core, fastify, express, express4]
