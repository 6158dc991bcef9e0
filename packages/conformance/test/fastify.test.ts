import { fastify } from '@lastcall/conformance'
import { holdTo } from './hold-to.js'

holdTo(fastify)
