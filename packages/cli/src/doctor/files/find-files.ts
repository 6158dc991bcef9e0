import { readdirSync, type Dirent } from 'node:fs'
import { join } from 'node:path'

/** Deeper than most repositories keep their manifests. */
const deepest = 5
const mostFolders = 2_000
const mostFiles = 500

export interface Found {
  readonly files: readonly string[]
  /** There was more than is looked at. */
  readonly isCut: boolean
}

const ignored = new Set([
  'node_modules',
  'dist',
  'build',
  'vendor',
  'coverage',
  'test',
  'tests',
  '__tests__',
  'fixtures',
])

/** Folders whose YAML files are all looked into. */
const deployFolder =
  /^(?:k8s|kubernetes|kube|deploy|deploys|deployment|deployments|manifests?|charts?|helm|kustomize|overlays|kubernetes-manifests)$/i

const usualNames: readonly RegExp[] = [
  /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.Dockerfile$/i,
  /^(?:docker-)?compose(?:[.-].+)?\.ya?ml$/i,
  /\.service$/,
  /^package\.json$/,
  /task-?_?def(?:inition)?.*\.json$/i,
  /(?:^|[-_.])(?:k8s|kubernetes|deployment|statefulset|daemonset|deploy|service|svc|pdb|pod)(?:[-_.][\w.-]+)?\.ya?ml$/i,
]

/** Looks for files worth checking, nearest first; `everything` takes all YAML files of the folder for manifests. */
export function findFiles(folder: string, everything = false): Found {
  const files: string[] = []
  const waiting = [{ path: folder, depth: 0, manifests: everything }]
  let folders = 0
  for (
    let next = waiting.shift();
    next && folders < mostFolders && files.length < mostFiles;
    next = waiting.shift()
  ) {
    folders++
    for (const entry of entries(next.path)) {
      const path = join(next.path, entry.name)
      if (entry.isDirectory() && next.depth < deepest && isLookedInto(entry.name))
        waiting.push({
          path,
          depth: next.depth + 1,
          manifests: next.manifests || deployFolder.test(entry.name),
        })
      if (
        entry.isFile() &&
        !entry.name.startsWith('.') &&
        (usualNames.some((name) => name.test(entry.name)) || (next.manifests && /\.ya?ml$/i.test(entry.name)))
      )
        files.push(path)
    }
  }
  return { files: files.slice(0, mostFiles), isCut: waiting.length > 0 || files.length > mostFiles }
}

/** `.aws` is where the starter workflow of GitHub keeps a task definition. */
const isLookedInto = (name: string): boolean =>
  !ignored.has(name) && (!name.startsWith('.') || ['.aws', '.k8s', '.deploy', '.docker'].includes(name))

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    // a folder that may not be read has nothing to say
    return []
  }
}
