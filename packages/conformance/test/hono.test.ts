import { hono } from '@lastcall/conformance'
import { holdTo } from './hold-to.js'

holdTo(hono)
