import { baseName, isNode, readLaunch, type Launch } from '../workloads/launch.js'
import type { Container, Script } from '../workloads/model.js'
import { scriptOfLaunch } from '../workloads/scripts.js'
import { quoteWord, readShell } from '../workloads/shell.js'

/** The same command with node as the one that gets the signal, in the words of the file; undefined when it is not known. */
export function fixLaunch(
  container: Container,
  launch: Launch,
  scripts: readonly Script[],
): string | undefined {
  const { fronts, program } = launch
  const script = fronts.find(({ kind }) => kind === 'script')
  // what it does besides is not known, so it has to stay
  if (script) return `exec, in front of what ${script.name} starts last`
  const words = nodeWords(container, launch, scripts)
  const shell = fronts.find(({ kind, isAlone }) => kind === 'shell' && isAlone === false)
  if (shell && isNode(baseName(program[0])))
    return `exec, in the same ${shell.name}: exec ${program.map(quoteWord).join(' ')}`
  if (!words)
    return fronts.some(({ kind }) => kind === 'package-manager')
      ? 'the command of the script itself, beginning with node'
      : undefined
  const json = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`
  switch (container.system) {
    case 'docker':
      return `CMD ${json}`
    case 'kubernetes':
      return `command: ${json}`
    case 'compose':
      return `command: ${launch.form === 'list' ? json : words.map(quoteWord).join(' ')}`
    case 'ecs':
      return `"command": ${json}`
    case 'systemd':
      return `ExecStart=${[isNode(words[0] ?? '') ? '/usr/bin/node' : words[0], ...words.slice(1)].map((word) => quoteWord(word ?? '')).join(' ')}`
  }
  return container.system satisfies never
}

function nodeWords(
  container: Container,
  launch: Launch,
  scripts: readonly Script[],
): readonly string[] | undefined {
  if (!launch.fronts.some(({ kind }) => kind === 'package-manager'))
    return isDirect(launch.program) ? launch.program : undefined
  const script = scriptOfLaunch(launch, scripts)
  const { commands } = readShell(script?.text ?? '')
  const [words = []] = commands
  // what sets a variable, or does something first, is no single command
  if (commands.length !== 1 || !isDirect(words)) return undefined
  return readLaunch(words, container.at, 'list').fronts.length === 0 ? words : undefined
}

/** A command that means the same without a shell. */
const isDirect = (words: readonly string[]): boolean =>
  isNode(baseName(words[0])) && words.every((word) => !/[$*?~<>()`]/.test(word))
