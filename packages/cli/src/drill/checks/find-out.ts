import type { Observed } from '../observation/observed.js'
import { checkExit } from './exit.js'
import type { Finding } from './finding.js'
import { checkGoodbyes } from './goodbyes.js'
import { checkGrace } from './grace-period.js'
import { checkLeftBehind } from './left-behind.js'
import { checkLiveness } from './liveness-kept.js'
import { checkLosses } from './lost.js'
import { checkReadiness } from './readiness-first.js'
import { checkLateConnections } from './refused-not-reset.js'
import { checkRepeated } from './repeated-sigterm.js'
import { checkSwallowed } from './signal-swallowed.js'
import { checkStored } from './stored.js'

/** All that is checked, causes before what follows from them. */
export function findOut(observed: Observed): readonly Finding[] {
  return [
    checkSwallowed(observed),
    ...checkLosses(observed),
    ...checkStored(observed),
    checkReadiness(observed),
    checkLiveness(observed),
    checkLateConnections(observed),
    ...checkExit(observed),
    checkGrace(observed),
    checkRepeated(observed),
    ...checkLeftBehind(observed),
    ...checkGoodbyes(observed),
  ]
}
