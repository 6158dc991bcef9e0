import type { Rule } from './rule.js'

/** Where nothing says what is started, nobody can say whether the signal reaches node. Once for each file. */
export const commandUnknown: Rule = ({ model, budgetOf }) => {
  // the image is described beside it
  if (model.containers.some(({ system }) => system === 'docker')) return []
  const silent = model.containers.filter(
    (container) => !container.launch && !container.isPartial && budgetOf(container) !== undefined,
  )
  return [...new Set(silent.map(({ at }) => at.file))].flatMap((file) => {
    const own = silent.filter(({ at }) => at.file === file)
    const [first] = own
    if (!first) return []
    const others = own.length === 1 ? '' : ` and ${own.length - 1} more here`
    return {
      code: 'command-unknown',
      severity: 'note',
      at: first.at,
      message: `Cannot tell whether the signal reaches node: the command of ${first.name}${others} comes from the image, whose Dockerfile can be checked along with this file.`,
    }
  })
}
