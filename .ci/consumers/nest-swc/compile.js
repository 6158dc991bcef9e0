const { writeFileSync } = require('node:fs')
const { transformFileSync } = require('@swc/core')

writeFileSync('main.js', transformFileSync('main.ts').code)
