import { nest11 } from '@lastcall/nest-11'

/** With what Node starts a fixture. Other versions of Node are tested with one version of Nest. */
export const versions = [
  { title: 'Nest 12', args: [] },
  ...(process.env['CONFORMANCE_SCOPE'] === 'brief' ? [] : [{ title: 'Nest 11', args: nest11 }]),
]

/** What a whole app is tested on. */
export const frameworks = versions.flatMap(({ title, args }) =>
  (['express', 'fastify'] as const).map((platform) => ({
    title: `${title} on ${platform === 'express' ? 'Express' : 'Fastify'}`,
    platform,
    args,
  })),
)
