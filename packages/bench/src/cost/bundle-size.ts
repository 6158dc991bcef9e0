import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export interface BundleSize {
  readonly minified: number
  readonly gzipped: number
}

/** In bytes, of everything that the modules export and whatever they need, the framework left out. */
export async function bundleSize(
  modules: readonly string[],
  { external, resolveDir }: { external: readonly string[]; resolveDir: string },
): Promise<BundleSize> {
  const contents = modules.map((name, place) => `export * as m${place} from '${name}'`).join('\n')
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    external: [...external],
    logLevel: 'error',
  })
  const code = outputFiles[0]?.contents ?? new Uint8Array()
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length }
}
