import type { Command } from 'commander'
import { DataError } from '../errors.js'
import { Interrupted } from '../signals.js'

/**
 * The server is a package of its own: an HTTP server, metrics and their dependencies would be installed with every command line, and few
 * want them.
 */
export function addServe(program: Command): void {
  program
    .command('serve')
    .argument('[words...]', 'options and files, as hopfield-native-server takes them; --help prints them')
    .summary('serve saved memories over HTTP')
    .description(
      'Serves saved memories over HTTP: recall, search, store. It needs the package hopfield-native-server.',
    )
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: string[]) => {
      const { serve } = await server()
      // A server answers what has come before it ends, and returns.
      for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
      const exitCode = await serve(words)
      if (exitCode !== 0) throw new Interrupted(exitCode)
    })
}

async function server(): Promise<typeof import('hopfield-native-server')> {
  try {
    return await import('hopfield-native-server')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new DataError('serve needs another package: npm install hopfield-native-server')
  }
}
