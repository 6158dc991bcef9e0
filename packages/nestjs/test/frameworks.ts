/** With what Node starts a fixture. */
export const versions = [{ title: 'Nest 12', args: [] }] as const

/** What a whole app is tested on. */
export const frameworks = versions.flatMap(({ title, args }) =>
  (['express', 'fastify'] as const).map((platform) => ({
    title: `${title} on ${platform === 'express' ? 'Express' : 'Fastify'}`,
    platform,
    args,
  })),
)
