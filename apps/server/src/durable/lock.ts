import { createHash } from 'node:crypto'
import { realpath, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerError } from '../errors.js'

/** The longest name of a socket on every system. */
const LONGEST = 100

/** Holds the right to write to a memory until it is released, or until this process ends in any way. */
export interface Lock {
  release(): Promise<void>
}

/**
 * Takes the right to write to a memory: a socket on which this process listens, since the system closes those of a process that was killed.
 * @throws ServerError ERR_SERVER_CONFLICT if another process has it.
 */
export async function lock(path: string): Promise<Lock> {
  const name = await nameOf(await realpath(path))
  const server = (await listening(name)) ?? (await overStale(name, path))
  server.unref()
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function overStale(name: string, path: string): Promise<Server> {
  if (!(await answers(name))) {
    await unlink(name).catch(() => {})
    const server = await listening(name)
    if (server !== undefined) return server
  }
  throw new ServerError('ERR_SERVER_CONFLICT', 409, `another process writes to ${path}; end it first`)
}

async function nameOf(path: string): Promise<string> {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\hopfield-${hash}`
  return path.length + 5 <= LONGEST ? `${path}.lock` : join(tmpdir(), `hopfield-${hash}.lock`)
}

function listening(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(name, () => resolve(server))
  })
}

function answers(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
