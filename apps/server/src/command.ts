import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { HopfieldError } from 'hopfield-native'
import { DEFAULTS, type ServerConfig } from './config.js'
import { ServerError } from './errors.js'
import { createServer } from './server.js'
import { version } from './version.js'

/** Numbers of the command line: the option, and where it goes. */
const NUMBERS = {
  port: 'port',
  'max-body': 'maxBody',
  'max-rows': 'maxRows',
  'max-queue': 'maxQueue',
  'max-batch': 'maxBatch',
  'max-wait': 'maxWait',
  'max-sweeps': 'maxSweeps',
  'max-deadline': 'maxDeadline',
  'max-jobs': 'maxJobs',
  'max-job-time': 'maxJobTime',
  'compact-after': 'compactAfter',
  'watch-every': 'watchEvery',
  'request-timeout': 'requestTimeout',
  threads: 'threads',
  rate: 'rate',
} as const satisfies Record<string, keyof ServerConfig>

const HELP = `Usage: hopfield serve [options] <[name=]file>...

Serves memories that were saved as .safetensors over HTTP. A memory has the name
before the = sign, or that of its file.

  --host <address>        where to listen; ${DEFAULTS.host} by default
  --port <port>           ${DEFAULTS.port} by default; 0: any that is free
  --writable              without tokens: let everybody on this machine write
  --token-file <file>     lines "read TOKEN" and "write TOKEN"; also from
                          HOPFIELD_READ_TOKEN and HOPFIELD_WRITE_TOKEN
  --cors <origin>         let pages of this origin call; may be repeated
  --no-docs               no page at /docs
  --log-level <level>     fatal, error, warn, info, debug, trace or silent

Limits, with their defaults:
  --max-body ${DEFAULTS.maxBody}        bytes of a request
  --max-rows ${DEFAULTS.maxRows}           cues of a request
  --max-queue ${DEFAULTS.maxQueue}         cues that may wait
  --max-batch ${DEFAULTS.maxBatch}           cues computed together
  --max-wait ${DEFAULTS.maxWait}              milliseconds that a cue waits for others
  --max-sweeps ${DEFAULTS.maxSweeps}        sweeps of a recall
  --max-deadline ${DEFAULTS.maxDeadline}      milliseconds of a request
  --request-timeout ${DEFAULTS.requestTimeout}   milliseconds in which a request must have come
  --rate ${DEFAULTS.rate}                  requests per second of one client; 0: any number
  --threads ${DEFAULTS.threads}               batches at the same time, of each kind of question
  --max-jobs ${DEFAULTS.maxJobs}             problems that wait for a solver
  --max-job-time ${DEFAULTS.maxJobTime}      milliseconds that one may be worked on
  --compact-after ${DEFAULTS.compactAfter}  bytes of updates before a new snapshot
  --watch-every ${DEFAULTS.watchEvery}        milliseconds between looks for a new file; 0: none`

/** An error in the command line. */
class UsageError extends Error {}

/** The configuration that a command line and the environment say; undefined if only a text was asked for. */
export function readCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ServerConfig | undefined {
  const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, { type: 'string' as const }]))
  const { values, positionals } = parse(args, numbers)
  if (values['help'] === true || values['version'] === true) {
    console.log(values['help'] === true ? HELP : version)
    return undefined
  }
  if (positionals.length === 0) throw new UsageError('expected a file; --help says more')
  const memories: Record<string, string> = Object.create(null)
  for (const given of positionals) {
    const cut = given.indexOf('=')
    const path = cut < 0 ? given : given.slice(cut + 1)
    const name = cut < 0 ? basename(path).replace(/\.safetensors$/, '') : given.slice(0, cut)
    if (!/^[\w.-]{1,128}$/.test(name)) {
      throw new UsageError(`expected a name of letters, digits, _, - and ., got ${JSON.stringify(name)}`)
    }
    if (name in memories) throw new UsageError(`two memories are called ${name}; write NAME=FILE`)
    memories[name] = path
  }
  const limits: Record<string, number> = {}
  for (const [name, key] of Object.entries(NUMBERS)) {
    const text = (values as Readonly<Record<string, unknown>>)[name]
    if (text === undefined) continue
    if (typeof text !== 'string' || !/^\d{1,12}$/.test(text)) {
      throw new UsageError(`--${name}: expected a whole number, got ${JSON.stringify(text)}`)
    }
    limits[key] = Number(text)
  }
  const tokens = tokensOf(values['token-file'] as string | undefined, environment)
  return {
    ...DEFAULTS,
    memories,
    ...limits,
    ...tokens,
    host: (values['host'] as string | undefined) ?? DEFAULTS.host,
    writable: values['writable'] === true,
    docs: values['no-docs'] !== true,
    cors: (values['cors'] as string[] | undefined) ?? [],
    logLevel: (values['log-level'] as string | undefined) ?? DEFAULTS.logLevel,
  }
}

function parse(args: readonly string[], numbers: Record<string, { type: 'string' }>) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...numbers,
        host: { type: 'string' },
        writable: { type: 'boolean' },
        'token-file': { type: 'string' },
        cors: { type: 'string', multiple: true },
        'no-docs': { type: 'boolean' },
        'log-level': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'V' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** Tokens never stand in a command line: every user of a machine sees those. */
function tokensOf(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Pick<ServerConfig, 'readTokens' | 'writeTokens'> {
  const found = { read: [] as string[], write: [] as string[] }
  const add = (right: 'read' | 'write', token: string | undefined) => {
    if (token === undefined || token === '') return
    if (!/^[\x21-\x7e]{16,512}$/.test(token)) {
      throw new UsageError(`a ${right} token: expected 16 to 512 printable characters without spaces`)
    }
    found[right].push(token)
  }
  add('read', environment['HOPFIELD_READ_TOKEN'])
  add('write', environment['HOPFIELD_WRITE_TOKEN'])
  if (file !== undefined) {
    for (const [k, line] of readFileSync(file, 'utf8').split('\n').entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue
      const [right, token, ...more] = line.trim().split(/\s+/)
      if ((right !== 'read' && right !== 'write') || token === undefined || more.length > 0) {
        throw new UsageError(`${file}, line ${k + 1}: expected "read TOKEN" or "write TOKEN"`)
      }
      add(right, token)
    }
  }
  return { readTokens: found.read, writeTokens: found.write }
}

/** Runs a server until it is told to stop, and returns the exit code. */
export async function serve(args: readonly string[]): Promise<number> {
  try {
    const config = readCommand(args, process.env)
    if (config === undefined) return 0
    const server = await createServer(config)
    const stopped = new Promise<NodeJS.Signals>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
    })
    await server.listen({ host: config.host, port: config.port })
    const signal = await stopped
    server.log.info(`${signal}: answering what has come, and taking nothing more`)
    await server.close()
    return 0
  } catch (error) {
    if (error instanceof UsageError) return complain(error.message, 2)
    if (error instanceof HopfieldError || error instanceof ServerError) return complain(error.message, 1)
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== undefined) return complain(message, 1)
    throw error
  }
}

function complain(sentence: string, exitCode: number): number {
  console.error(`hopfield serve: ${sentence}`)
  return exitCode
}
