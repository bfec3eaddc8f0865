import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** Whether an engine is installed. HOPFIELD_ENGINES=required makes its absence an error. */
export function has(engine: 'nats-server' | 'redis-server'): boolean {
  try {
    execFileSync(engine, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    const install = `${engine} is not installed; on Debian: apt-get install ${engine}`
    if (process.env['HOPFIELD_ENGINES'] === 'required') throw new Error(install)
    console.warn(`skipped: ${install}`)
    return false
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const socket = dial(port, '127.0.0.1')
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nothing listens on port ${port}`)
}

/** A process that can be killed and started again. */
export class Engine {
  readonly #command: string
  readonly #args: readonly string[]
  #child: ChildProcess | undefined

  constructor(command: string, args: readonly string[]) {
    this.#command = command
    this.#args = args
  }

  start(): void {
    this.#child = spawn(this.#command, this.#args, { stdio: 'ignore' })
  }

  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
}

export interface Running {
  readonly port: number
  /** Its data. */
  readonly folder: string
  readonly engine: Engine
  stop(): Promise<void>
}

/** nats-server with JetStream, its data in a folder that goes with it. */
export async function natsServer(maxPayload = '8MB'): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-nats-'))
  const port = await freePort()
  const config = join(folder, 'nats.conf')
  writeFileSync(
    config,
    `listen: "127.0.0.1:${port}"\nmax_payload: ${maxPayload}\njetstream { store_dir: "${folder}/data" }\n`,
  )
  return started(new Engine('nats-server', ['-c', config]), port, folder)
}

export async function redisServer(): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-redis-'))
  const port = await freePort()
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
  ]
  return started(new Engine('redis-server', args), port, folder)
}

/** A process that Redis forked writes on for a moment after Redis was killed. */
export const removed = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })

async function started(engine: Engine, port: number, folder: string): Promise<Running> {
  engine.start()
  await listens(port)
  return {
    port,
    folder,
    engine,
    async stop() {
      await engine.stop()
      removed(folder)
    },
  }
}

export { listens }

/** A process of the program's. */
const program = (port: number, ...args: string[]): Engine =>
  new Engine(process.execPath, [MAIN, '--servers', `nats://127.0.0.1:${port}`, ...args])

export const replica = (port: number, memory: string, part: number, grace = 30_000): Engine =>
  program(port, '--memory', memory, 'serve', '--part', String(part), '--grace', String(grace))

export const front = (port: number, memory: string): Engine =>
  program(port, '--memory', memory, 'front', '--patience', '500')

export const work = (port: number, redis: number, queue: string): Engine =>
  program(port, 'work', '--redis', `redis://127.0.0.1:${redis}`, '--queue', queue)
