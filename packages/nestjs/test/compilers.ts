import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startCommand } from '@lastcall/testing'
import { transform as transformWithSwc } from '@swc/core'
import { transform as transformWithEsbuild } from 'esbuild'

/** Compiles a program of a README in a folder of its own, and returns the path of the result. */
type Compiler = (name: string, code: string) => Promise<string>

/** How Nest users compile: `nest build`, `nest build -b swc`, and bundlers, which know no metadata of decorators. */
export const compilers: Readonly<Record<'tsc' | 'swc' | 'esbuild', Compiler>> = {
  async tsc(name, code) {
    const file = write('tsc', `${name}.ts`, code)
    const options =
      '--target es2023 --module nodenext --strict --experimentalDecorators --emitDecoratorMetadata'
    const tsc = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url))
    const { code: exitCode, stdout } = await startCommand([
      tsc,
      ...options.split(' '),
      '--skipLibCheck',
      '--types',
      'node',
      '--ignoreConfig',
      file,
    ]).ended
    if (exitCode !== 0) throw new Error(stdout)
    return file.replace(/\.ts$/, '.js')
  },
  async swc(name, code) {
    const { code: compiled } = await transformWithSwc(code, {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
      },
    })
    return write('swc', `${name}.js`, compiled)
  },
  async esbuild(name, code) {
    const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } }
    const { code: compiled } = await transformWithEsbuild(code, { loader: 'ts', tsconfigRaw })
    return write('esbuild', `${name}.js`, compiled)
  },
}

/** Below the package, whose dependencies the program imports. */
function write(folder: string, name: string, code: string): string {
  const url = new URL(`readme/${folder}/${name}`, import.meta.url)
  mkdirSync(new URL('.', url), { recursive: true })
  writeFileSync(url, code)
  return fileURLToPath(url)
}
