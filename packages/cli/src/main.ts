#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { createDrillCommand } from './drill/command.js'

const program = new Command('lastcall').description('Graceful shutdown for Node services, proven')
const drill = createDrillCommand()
// By itself a wrong option exits 1, and that would say that the app lost requests.
for (const command of [program, drill]) command.exitOverride()
program.addCommand(drill)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
