import { errorCodes, type ErrorCode } from './error-codes.js'

/** `docs/errors.md`: each code with a message as it comes out of the code. */
export async function writeErrorsPage(): Promise<string> {
  const sections: string[] = []
  for (const [code, about] of Object.entries(errorCodes)) sections.push(await section(code, about))
  return `${head}\n${sections.join('\n')}`
}

const head = `# Error codes

What Last Call throws is a \`ShutdownError\`, exported by \`@lastcall/core\`. Compare \`error.code\` and not the class: a process may hold several copies
of the package. Codes do not change; messages may.

Nothing is found out at shutdown that could have been said before: all but \`ERR_LASTCALL_TIMEOUT\` and \`ERR_LASTCALL_TOO_LATE\` appear at start-up,
or where the wrong call is. Lines in the log have no codes. What [\`lastcall drill\`](../packages/cli/README.md#what-it-finds) and [\`lastcall doctor\`](doctor.md) find
has codes of its own.

<!-- Written by \`pnpm write-docs\` from packages/docs/src/error-codes.ts: change it there. -->
`

async function section(code: string, { when, advice, provoke }: ErrorCode): Promise<string> {
  const error = await caught(provoke)
  if (error?.code !== code) throw new Error(`${code} is provoked by something that says ${error?.code}`)
  return `## ${code}\n\n${when}\n\n\`\`\`\n${error.message}\n\`\`\`\n\n${advice}\n`
}

interface Caught {
  readonly code: string
  readonly message: string
}

/** The error, whichever way it comes. */
async function caught(provoke: () => unknown): Promise<Caught | undefined> {
  try {
    return (await provoke()) as Caught
  } catch (error) {
    return error as Caught
  }
}
