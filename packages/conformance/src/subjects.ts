import { fileURLToPath } from 'node:url'
import type { Subject } from './subject.js'

const app = (name: string, ...args: string[]): Subject['command'] => [
  process.execPath,
  fileURLToPath(new URL(`apps/${name}.js`, import.meta.url)),
  ...args,
]

export const core: Subject = {
  name: 'core/http',
  protocols: ['http', 'https'],
  features: ['event-streams', 'websockets'],
  command: app('core'),
}

export const fastify: Subject = {
  name: 'Fastify',
  protocols: ['http', 'https'],
  features: ['event-streams', 'websockets'],
  command: app('fastify'),
}

const onExpress = (version: 4 | 5): Subject => ({
  name: `Express ${version}`,
  protocols: ['http', 'https'],
  features: ['event-streams', 'websockets'],
  command: app('express', version === 4 ? 'express4' : 'express'),
})

export const express5: Subject = onExpress(5)

export const express4: Subject = onExpress(4)

/** In the order of the table. */
export const subjects: readonly Subject[] = [core, fastify, express5, express4]
