import { core } from '@lastcall/conformance'
import { holdTo } from './hold-to.js'

holdTo(core)
