/** Options that every adapter refuses: each with the code and the message of its error. */
export const wrongOptions: readonly (readonly [options: object, code: string, message: string])[] = [
  [
    { gracePeriodMs: '10s' },
    'ERR_LASTCALL_OPTION',
    "Option 'gracePeriodMs' must be a number of ms from 100 to 2147483647, not '10s'",
  ],
  [
    { gracePeriodMs: 10_000, lameDuck: { minMs: 8_000 } },
    'ERR_LASTCALL_BUDGET',
    'The phases do not fit into the grace period: lameDuck.minMs 8000, ' +
      'but grace period 10000 − margin 500 − releaseMs 1900 leaves 7600 ms',
  ],
  [{ probes: true }, 'ERR_LASTCALL_OPTION', "Option 'probes' must be false or an object, not true"],
  [
    { probes: { ready: 'readyz' } },
    'ERR_LASTCALL_OPTION',
    "Option 'probes.ready' must be false or a path that begins with '/', not 'readyz'",
  ],
  [
    { probes: { startup: '/startupz' } },
    'ERR_LASTCALL_OPTION',
    "Option 'probes.startup' must be one of: live, ready, not '/startupz'",
  ],
  [
    { shutdown: {} },
    'ERR_LASTCALL_NOT_A_SHUTDOWN',
    'Expected what createShutdown() or getShutdown() returned, not an object',
  ],
]
