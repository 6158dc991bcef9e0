/** What every test of a whole app runs on. */
export const frameworks = [
  { title: 'Nest 12 on Express', platform: 'express', args: [] },
  { title: 'Nest 12 on Fastify', platform: 'fastify', args: [] },
] as const
