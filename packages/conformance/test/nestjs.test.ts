import { nestjs, nestjsOnFastify } from '@lastcall/conformance'
import { holdTo } from './hold-to.js'

for (const subject of [nestjs, nestjsOnFastify]) holdTo(subject)
