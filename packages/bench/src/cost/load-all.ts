// Loaded before an app (`node --import`): loads what it and all that it is compared with need, so that all start alike.
const modules = JSON.parse(process.env['BENCH_MODULES'] ?? '[]') as readonly string[]
for (const name of modules) await import(name)
