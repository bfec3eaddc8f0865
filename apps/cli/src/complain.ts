import { CommanderError } from 'commander'
import { HopfieldError } from 'hopfield-native'
import { colorsFor } from './colors.js'
import { AlreadyTold, DataError, UsageError } from './errors.js'

const colors = colorsFor(process.stderr)

/** Prints one sentence about the error to stderr and returns the exit code. */
export function complain(error: unknown): number {
  if (error instanceof AlreadyTold) return error.exitCode
  if (error instanceof CommanderError) return complainOfUsage(error)
  if (error instanceof UsageError) return say(error.message, 2)
  if (error instanceof DataError || error instanceof HopfieldError) return say(error.message, 1)
  if (process.env['HOPFIELD_DEBUG']) console.error(error)
  return say(`this is a bug (${String(error)}); HOPFIELD_DEBUG=1 prints where`, 1)
}

/** Commander reports --help and --version as errors too, with exit code 0. */
function complainOfUsage({ code, exitCode, message }: CommanderError): number {
  if (exitCode === 0) return 0
  // Called without a command: commander has printed the help already.
  if (code === 'commander.help') return 2
  return say(message.replace(/^error: /, '').replaceAll('\n', ' '), 2)
}

function say(sentence: string, exitCode: number): number {
  console.error(`${colors.red('hopfield:')} ${sentence}`)
  return exitCode
}
