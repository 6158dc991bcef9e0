import { probeKinds, type Container } from '../workloads/model.js'
import type { Rule } from './rule.js'

/** A probe at a port that nobody listens on fails for ever, or until somebody opens it. */
export const probePort: Rule = ({ model }) => model.containers.flatMap(check)

function check({ name, probes, ports, isPartial, runtime }: Container): ReturnType<Rule> {
  if (isPartial || ports.length === 0) return []
  return probeKinds.flatMap((kind) => {
    const port = probes[kind]?.port
    if (!port) return []
    const isNumber = /^\d+$/.test(port.value)
    if (ports.some((one) => one.name === port.value || String(one.number) === port.value)) return []
    if (/[${<]/.test(port.value) || ports.some((one) => one.number === undefined)) return []
    const known = ports.map((one) => one.name ?? one.number).join(', ')
    if (!isNumber) {
      const message = `The ${kind} probe of ${name} asks port '${port.value}', and no port of the container has that name: it can only fail.`
      return {
        code: 'probe-port',
        severity: 'error',
        at: port.at,
        message,
        arithmetic: `'${port.value}' ∉ { ${known} }`,
        fix: `port: ${known.split(', ')[0]}`,
      }
    }
    if (runtime === 'other') return []
    const message = `The ${kind} probe of ${name} asks port ${port.value}, which is not among the container's ports; it has to stay open until the end, as an admin server's does.`
    return {
      code: 'probe-port',
      severity: 'note',
      at: port.at,
      message,
      arithmetic: `${port.value} ∉ { ${known} }`,
    }
  })
}
