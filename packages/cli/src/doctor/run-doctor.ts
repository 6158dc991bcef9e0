import { statSync } from 'node:fs'
import type { Explanation } from '@lastcall/core/explain'
import { DoctorError } from './doctor-error.js'
import { examine } from './examine.js'
import { findFiles } from './files/find-files.js'
import { readInput, shownName, unreadable } from './files/read-input.js'
import { readLines } from './files/read-lines.js'
import type { Finding } from './finding.js'
import { readExplanation } from './read-explanation.js'
import { dependsOnLastCall } from './workloads/package-json.js'
import { createDraft, readText, type Draft, type Outcome } from './workloads/read-text.js'

export interface DoctorOptions {
  /** Files, folders, or `-`; none means to look around. */
  readonly files: readonly string[]
  readonly graceMs?: number | undefined
  /** A log with the line of `LASTCALL_EXPLAIN=1`. */
  readonly explain?: string | undefined
  readonly container?: string | undefined
}

export interface CheckedFile {
  readonly file: string
  /** A file that was not named but stumbled upon may be of any kind, so that it fails is no failure of the check. */
  readonly outcome: Outcome | 'failed' | 'not-understood'
}

export interface DoctorReport {
  readonly files: readonly CheckedFile[]
  readonly findings: readonly Finding[]
  /** There were more files than are looked at. */
  readonly isCut: boolean
}

/** Throws `DoctorError` when there is nothing to check. */
export async function runDoctor({
  files: given,
  graceMs,
  explain,
  container,
}: DoctorOptions): Promise<DoctorReport> {
  const explanation = explain === undefined ? undefined : await loadExplanation(explain)
  const { files, named, isCut } = choose(given)
  const model = createDraft()
  const faults: Finding[] = []
  const checked: CheckedFile[] = []
  for (const file of files) {
    const isNamed = named.has(file)
    const own: Finding[] = []
    const outcome = await readFile(file, model, (fault) => void own.push(fault))
    // of a program that has failed, for instance: nothing wrong in nothing would say that all is well
    if (isNamed && outcome === 'empty')
      own.push(fault(file, 'unreadable', 'It is empty: there is nothing to check in it.'))
    const failed = own.some(({ code }) => code === 'syntax' || code === 'unreadable' || code === 'too-large')
    // what was only stumbled upon need not be of any kind
    if ((outcome === 'unknown' || outcome === 'empty') && !isNamed) continue
    for (const fault of own) faults.push(failed && !isNamed ? { ...fault, severity: 'warning' } : fault)
    if (failed || outcome === 'empty')
      checked.push({ file: shownName(file), outcome: isNamed ? 'failed' : 'not-understood' })
    else checked.push({ file: shownName(file), outcome })
  }
  if (checked.length === 0)
    throw new DoctorError(
      `there is nothing to check ${given.length === 0 ? 'here' : `in ${given.join(', ')}`}: no manifest of Kubernetes, no Dockerfile, Compose file, systemd unit, task definition or package.json. Name a file, or - for standard input.`,
    )
  const names = new Set(model.containers.map(({ ownName }) => ownName))
  if (container !== undefined && !names.has(container))
    throw new DoctorError(`there is no container '${container}', but: ${[...names].slice(0, 20).join(', ')}`)
  const usesLastCall = await isUsedHere()
  return {
    files: checked,
    findings: examine(model, { graceMs, explanation, container, usesLastCall }, faults),
    isCut,
  }
}

async function readFile(
  file: string,
  model: Draft,
  report: (fault: Finding) => void,
): Promise<Outcome | 'empty'> {
  const input = await readInput(file)
  if ('text' in input) return input.text.content.trim() === '' ? 'empty' : readText(input.text, model, report)
  report(fault(file, input.fault, input.message))
  return 'checked'
}

const fault = (file: string, code: Finding['code'], message: string): Finding => ({
  code,
  severity: 'error',
  at: { file: shownName(file), line: 1, column: 1 },
  message,
})

function choose(given: readonly string[]): {
  files: readonly string[]
  named: ReadonlySet<string>
  isCut: boolean
} {
  if (given.length === 0) return { ...findFiles('.'), named: new Set() }
  const named = new Set<string>()
  const files = new Set<string>()
  let isCut = false
  for (const file of given) {
    if (file === '-' || !isFolder(file)) {
      named.add(file)
      files.add(file)
      continue
    }
    const found = findFiles(file, true)
    isCut ||= found.isCut
    for (const path of found.files) files.add(path)
  }
  return { files: [...files], named, isCut }
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory()
  } catch {
    // reading it says what is wrong with it
    return false
  }
}

/** The last one counts: the log may be of several starts. */
async function loadExplanation(file: string): Promise<Explanation> {
  let found: Explanation | undefined
  try {
    for await (const line of readLines(file)) found = readExplanation(line) ?? found
  } catch (error) {
    throw new DoctorError(`--explain ${shownName(file)}: ${unreadable(error)}`, { cause: error })
  }
  if (found) return found
  throw new DoctorError(
    `--explain ${shownName(file)}: no line of an app that was started with LASTCALL_EXPLAIN=1`,
  )
}

/** The package.json of the working directory says whether the apps here run Last Call at all. */
async function isUsedHere(): Promise<boolean> {
  const input = await readInput('package.json')
  return 'text' in input && dependsOnLastCall(input.text.content)
}
