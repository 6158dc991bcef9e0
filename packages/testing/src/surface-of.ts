import { readFileSync } from 'node:fs'

/** The names that an entry exports, types among them, sorted. */
export interface Surface {
  readonly public: readonly string[]
  /** Those whose doc comment says `@internal`: for our own packages only. */
  readonly internal: readonly string[]
}

/** What a declaration file exports. */
export function surfaceOf(declarations: URL): Surface {
  const exported = exportsOf(declarations)
  const namesOf = (those: readonly Exported[]): string[] => those.map(({ name }) => name).sort()
  return {
    public: namesOf(exported.filter((each) => !isInternal(each))),
    internal: namesOf(exported.filter(isInternal)),
  }
}

interface Exported {
  readonly name: string
  readonly file: URL
}

const exportsOf = (file: URL): Exported[] => [
  ...[...read(file).matchAll(/^export (?:declare )?(?:interface|type|class|function|const) (\w+)/gm)].map(
    ([, name = '']) => ({ name, file }),
  ),
  ...[...read(file).matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)].flatMap(
    ([, list = '', from = '']) =>
      list.split(',').map((name) => ({
        name: name.replace(/^\s*type /, '').trim(),
        // another package's names are documented there
        file: from.startsWith('.') ? new URL(from.replace(/\.js$/, '.d.ts'), file) : file,
      })),
  ),
]

function isInternal({ name, file }: Exported): boolean {
  const declared = `\\/\\*\\*((?:(?!\\*\\/).)*)\\*\\/\\s*export (?:declare )?\\w+ ${name}\\b`
  return new RegExp(declared, 's').exec(read(file))?.[1]?.includes('@internal') ?? false
}

const read = (file: URL): string => readFileSync(file, 'utf8')
