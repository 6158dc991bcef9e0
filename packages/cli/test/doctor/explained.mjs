// An app that is ready with a grace period of its own.
import { createShutdown } from '@lastcall/core'

createShutdown({ gracePeriodMs: 40_000, signals: false }).ready()
