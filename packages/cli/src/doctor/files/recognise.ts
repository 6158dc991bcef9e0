import { basename } from 'node:path'
import type { Text } from '../parse/text.js'

export type FileKind = 'yaml' | 'dockerfile' | 'systemd' | 'package'

/** How a file is to be read: by its name, else by how it begins. What a YAML or JSON file is about is seen once it is read. */
export function recognise({ file, content }: Text): FileKind {
  const name = basename(file)
  if (name === 'package.json') return 'package'
  if (/\.(?:ya?ml|json)$/i.test(name)) return 'yaml'
  if (name.endsWith('.service')) return 'systemd'
  if (/^(?:Dockerfile|Containerfile)\b/i.test(name) || /\.Dockerfile$/i.test(name)) return 'dockerfile'
  const first =
    content
      .split('\n')
      .find((line) => /^\s*[^\s#;]/.test(line))
      ?.trim() ?? ''
  if (/^\[(?:Unit|Service|Install)\]/.test(first)) return 'systemd'
  return /^(?:FROM|ARG)\s/i.test(first) ? 'dockerfile' : 'yaml'
}

/** A template, of Helm or of others, is no YAML before it is filled in. Text that is only carried along has quotes or dollars. */
export const isTemplate = (content: string): boolean =>
  /^[^'"#\n]*[:\s-]\{\{-?\s*\w+\s*\}\}/m.test(content) ||
  /\{\{-?\s*(?:\/\*|\.Values|\.Release|\.Chart|\.Capabilities|include\b|template\b|if\b|range\b|with\b|end\b|define\b|toYaml\b)/.test(
    content,
  )
