#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { createDoctorCommand } from './doctor/command.js'
import { createDrillCommand } from './drill/command.js'
import { readVersion } from './version.js'

const program = new Command('lastcall')
  .description('Graceful shutdown, proven: of any app that speaks HTTP, and of the files that deploy it.')
  .version(readVersion(), '-V, --version', 'display the version')
  .addHelpText('after', '\nlastcall <command> --help lists the options of a command.')
const commands = [createDrillCommand(), createDoctorCommand()]
// By itself a wrong option exits 1, and that would say that the app lost requests.
for (const command of [program, ...commands]) command.exitOverride()
for (const command of commands) program.addCommand(command)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}
