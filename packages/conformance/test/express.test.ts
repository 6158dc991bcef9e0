import { express, express4 } from '@lastcall/conformance'
import { holdTo } from './hold-to.js'

for (const subject of [express, express4]) holdTo(subject)
