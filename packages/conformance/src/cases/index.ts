import type { Case } from '../case.js'
import { beginning } from './beginning.js'
import { readiness } from './readiness.js'
import { silence } from './silence.js'

export const cases: readonly Case[] = [...readiness, ...beginning, ...silence]
