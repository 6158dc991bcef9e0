// Writes what the documentation derives from the code and from the results of the bench.
import { writeFileSync } from 'node:fs'
import { derivedFiles, pathOf } from './derived-files.js'

for (const { name, content } of await derivedFiles()) writeFileSync(pathOf(name), content)
