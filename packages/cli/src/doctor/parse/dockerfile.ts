import { DockerfileParser, From, type Instruction, type PropertyInstruction } from 'dockerfile-ast'
import type { Finding } from '../finding.js'
import type { Located } from './located.js'
import type { Text } from './text.js'

/** What the image of a stage says about how it is run. */
export interface Stage {
  readonly image: string
  readonly from: Located<string>
  readonly entrypoint?: Located<Command>
  readonly cmd?: Located<Command>
  readonly stopSignal?: Located<string>
  readonly env: ReadonlyMap<string, Located<string | undefined>>
}

export interface Command {
  readonly words: readonly string[]
  /** Docker puts a shell in front of what is not a JSON array of strings. */
  readonly isShell: boolean
}

type Draft = { -readonly [Key in keyof Stage]: Stage[Key] } & {
  env: Map<string, Located<string | undefined>>
  shell: readonly string[]
}

/** The last stage, with what it inherits from earlier ones; undefined when there is none. */
export function parseDockerfile(
  { content, file }: Text,
  report: (finding: Finding) => void,
): Stage | undefined {
  const stages = new Map<string, Draft>()
  let stage: Draft | undefined
  for (const instruction of DockerfileParser.parse(content).getInstructions()) {
    const { line, character } = instruction.getRange().start
    const at = { file, line: line + 1, column: character + 1 }
    const text = instruction.getArgumentsContent()?.trim() ?? ''
    if (instruction instanceof From) {
      stage = begin({ value: instruction.getImage() ?? '', at }, stages)
      const name = instruction.getBuildStage()
      if (name !== null) stages.set(name.toLowerCase(), stage)
    } else if (stage) {
      const keyword = instruction.getKeyword()
      if (isBrokenList(keyword, text)) report(brokenList(keyword, text, at))
      else read(instruction, text, at, stage)
    }
  }
  return stage
}

function begin(from: Located<string>, stages: ReadonlyMap<string, Draft>): Draft {
  const base = stages.get(from.value.toLowerCase())
  if (base) return { ...base, from, env: new Map(base.env) }
  return { image: from.value, from, env: new Map(), shell: ['/bin/sh', '-c'] }
}

function read(instruction: Instruction, text: string, at: Located<string>['at'], stage: Draft): void {
  switch (instruction.getKeyword()) {
    case 'ENTRYPOINT':
      stage.entrypoint = { value: readCommand(text, stage.shell), at }
      // Docker forgets the CMD of an image that is given an ENTRYPOINT
      if (stage.cmd && stage.cmd.at.line < stage.from.at.line) delete stage.cmd
      break
    case 'CMD':
      stage.cmd = { value: readCommand(text, stage.shell), at }
      break
    case 'SHELL':
      stage.shell = jsonWords(text) ?? stage.shell
      break
    case 'STOPSIGNAL':
      stage.stopSignal = { value: text, at }
      break
    case 'ENV':
      // an instruction of this keyword is one
      for (const property of (instruction as PropertyInstruction).getProperties())
        stage.env.set(property.getName(), { value: property.getUnescapedValue() ?? undefined, at })
      break
  }
}

function readCommand(text: string, shell: readonly string[]): Command {
  const words = jsonWords(text)
  return words ? { words, isShell: false } : { words: [...shell, text], isShell: true }
}

/** With single quotes, for instance. No shell finds a program of such a name. */
const isBrokenList = (keyword: string, text: string): boolean =>
  (keyword === 'CMD' || keyword === 'ENTRYPOINT') && /^\[\s*['"]/.test(text) && jsonWords(text) === undefined

const brokenList = (keyword: string, text: string, at: Located<string>['at']): Finding => ({
  code: 'bad-value',
  severity: 'error',
  at,
  message: `${keyword} is no JSON list of strings, so Docker hands it to the shell, brackets and all.`,
  fix: `${keyword} ${text.replaceAll("'", '"').slice(0, 500)}`,
})

function jsonWords(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined
  } catch {
    // a text for the shell
    return undefined
  }
}
