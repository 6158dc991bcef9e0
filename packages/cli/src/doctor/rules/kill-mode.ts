import type { Rule } from './rule.js'

/** Which processes of a unit are told to stop. */
export const killMode: Rule = ({ model }) =>
  model.containers.flatMap(({ name, killMode: mode, runtime }) => {
    if (!mode || runtime === 'other') return []
    if (mode.value === 'none')
      return {
        code: 'kill-mode',
        severity: 'error',
        at: mode.at,
        message: `${name} is never told to stop: with KillMode=none its processes stay behind, and go on serving beside their successors.`,
        arithmetic: 'KillMode=none: no SIGTERM, no SIGKILL',
        fix: 'KillMode=control-group',
      }
    if (mode.value === 'process')
      return {
        code: 'kill-mode',
        severity: 'warning',
        at: mode.at,
        message: `With KillMode=process nobody stops what ${name} has started: workers and children stay behind when it ends.`,
        arithmetic: 'KillMode=process: SIGTERM and SIGKILL for the main process alone',
        fix: 'KillMode=mixed',
      }
    return []
  })
