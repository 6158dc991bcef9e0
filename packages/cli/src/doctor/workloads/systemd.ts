import { parseDuration } from '../parse/duration.js'
import { parseUnit, type Assignment } from '../parse/systemd.js'
import type { Text } from '../parse/text.js'
import { platformGraceMs } from './app-budget.js'
import { baseName, readLaunch, type Launch } from './launch.js'
import type { Container, Grace } from './model.js'
import { recogniseRuntime } from './runtime.js'
import { splitWords } from './shell.js'

/** A service that runs for long; other units have nothing to shut down. */
export function readSystemd(text: Text): Container | undefined {
  const service = parseUnit(text).filter(({ section }) => section === 'Service')
  // the last assignment wins
  const last = (...keys: readonly string[]): Assignment | undefined =>
    service.findLast(({ key }) => keys.includes(key))
  const start = last('ExecStart')
  if (!start || last('Type')?.value === 'oneshot') return undefined
  const launch = readStart(start)
  const env = readEnvironment(service)
  const seen = recogniseRuntime({ launch, env })
  const killMode = last('KillMode')
  const signal = last('KillSignal')
  const name = baseName(text.file)
  return {
    system: 'systemd',
    name,
    ownName: name.replace(/(?:@.*)?\.service$/, ''),
    at: start.at,
    // a program that is no script is what it says it is
    runtime: seen === 'unknown' && launch.fronts.length === 0 ? 'other' : seen,
    launch,
    env,
    grace: readGrace(last('TimeoutStopSec', 'TimeoutSec'), start),
    probes: {},
    ports: [],
    stopSignal: signal && { value: signal.value, at: signal.at },
    hasInit: false,
    isPartial: false,
    killMode: killMode && { value: killMode.value, at: killMode.at },
  }
}

/** Without the characters that say how to run it; after `@` the second word is only a name. */
function readStart({ value, at }: Assignment): Launch {
  const [, prefix = '', command = ''] = /^([-@:+!|]*)(.*)$/s.exec(value) ?? []
  const words = splitWords(command)
  return readLaunch(prefix.includes('@') ? words.toSpliced(1, 1) : words, at, 'unit')
}

function readGrace(given: Assignment | undefined, start: Assignment): Grace | undefined {
  const ms = given === undefined ? platformGraceMs('systemd') : parseDuration(given.value, 1_000)
  // no limit: `infinity`, and 0 for older versions
  if (ms === undefined || ms === 0) return undefined
  return {
    ms,
    key: given?.key ?? 'TimeoutStopSec',
    at: given?.at ?? start.at,
    given: given !== undefined,
    write: (wanted) => `TimeoutStopSec=${Math.ceil(wanted / 1_000)}`,
  }
}

function readEnvironment(service: readonly Assignment[]): Container['env'] {
  const env = new Map<string, { value: string; at: Assignment['at'] }>()
  for (const { key, value, at } of service) {
    if (key !== 'Environment') continue
    // an empty assignment forgets the ones before
    if (value === '') env.clear()
    for (const word of splitWords(value)) {
      const equals = word.indexOf('=')
      if (equals > 0) env.set(word.slice(0, equals), { value: word.slice(equals + 1), at })
    }
  }
  return env
}
