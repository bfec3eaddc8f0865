import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '@nats-io/transport-node'
import { HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { FrontClient } from '../src/network/front-client.js'
import { MapStore } from '../src/network/store.js'
import { Flows } from '../src/queue/flows.js'
import { freePort, has, listens } from './servers.js'

// What the page and docker-compose.yml say is run as written, but for folders, and ports that the system chooses.

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MAIN = join(ROOT, 'apps/cluster/dist/main.js')
const COMPOSE = join(ROOT, 'apps/cluster/docker-compose.yml')
const engines = has('nats-server') && has('redis-server')

const net = new HopfieldNetwork({ neurons: 96 }).store(randomPatterns({ count: 200, neurons: 96 }))
let folder: string
let [nats, redis] = [0, 0]
let processes: ChildProcess[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hopfield-deployment-'))
  nats = await freePort()
  redis = await freePort()
  await net.save(join(folder, 'memory.safetensors'))
})
afterEach(async () => {
  // Engines last.
  for (const one of processes.reverse()) {
    if (one.exitCode === null && one.signalCode === null) {
      const gone = once(one, 'exit')
      one.kill()
      await gone
    }
  }
  processes = []
  rmSync(folder, { recursive: true, force: true })
})

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  processes.push(child)
  return child
}

/** Runs to the end, and returns what it printed. */
async function finished(child: ChildProcess): Promise<string> {
  let said = ''
  child.stdout?.on('data', (bytes) => {
    said += bytes
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
  return said
}

async function answersThroughAFront(): Promise<void> {
  const client = await connect({ servers: `nats://127.0.0.1:${nats}` })
  const front = new FrontClient(client, { memory: 'memory', deadline: 60_000 })
  const cue = net.pattern(3)
  const { states, energies } = net.recallBatch(cue)
  expect(await front.recall(cue)).toMatchObject({ states, energies })
  await client.close()
}

test.skipIf(!engines)('the commands of docs/cluster.md', async () => {
  const page = readFileSync(join(ROOT, 'docs/cluster.md'), 'utf8')
  const block = /## Running it\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  const lines = block.split('\n').filter((line) => line !== '')
  expect(lines.length).toBeGreaterThan(6)
  const env: NodeJS.ProcessEnv = {}
  for (const written of lines) {
    const line = written
      .replaceAll('/var/lib/nats', join(folder, 'nats'))
      .replaceAll('127.0.0.1:4222', `127.0.0.1:${nats}`)
      .replaceAll('127.0.0.1:6379', `127.0.0.1:${redis}`)
      .replace('npx hopfield-cluster', `exec node ${MAIN}`)
      .replace(/^(nats-server .*)/, `exec $1 --addr 127.0.0.1 --port ${nats}`)
      .replace(/^(redis-server .*)/, `exec $1 --bind 127.0.0.1 --port ${redis} --dir ${folder}`)
    const exported = /^export (\w+)=(.*)$/.exec(line)
    if (exported !== null) env[exported[1]] = exported[2]
    else {
      const child = start('sh', ['-c', line], env)
      if (/^exec (nats|redis)-server/.test(line)) await listens(line.includes('nats') ? nats : redis)
      else if (!/main\.js (serve|front|work)/.test(line)) {
        const said = await finished(child)
        if (line.includes('publish')) expect(said).toBe('version 1: hebbian, 2 parts by patterns\n')
      }
    }
  }
  await answersThroughAFront()
})

/** Its versions before 2 have a schema of what they read, and ask no daemon for it. */
const compose = spawnSync('docker-compose', ['version', '--short'], { encoding: 'utf8' })

test.skipIf(compose.status !== 0)('docker-compose finds nothing wrong with docker-compose.yml', () => {
  const { status, stderr } = spawnSync('docker-compose', ['-f', COMPOSE, 'config', '--quiet'], {
    encoding: 'utf8',
  })
  expect([stderr, status]).toEqual(['', 0])
})

interface Service {
  readonly image: string
  readonly command: readonly string[]
  readonly environment?: Record<string, string>
  readonly depends_on?: readonly string[]
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly profiles?: readonly string[]
  readonly deploy?: { readonly replicas: number }
}

test.skipIf(!engines)('the services of docker-compose.yml', async () => {
  const { services, volumes } = parse(readFileSync(COMPOSE, 'utf8'), { merge: true, strict: true }) as {
    services: Record<string, Service>
    volumes: Record<string, null>
  }
  for (const [name, service] of Object.entries(services)) {
    for (const other of service.depends_on ?? []) expect(services, name).toHaveProperty([other])
    for (const [from] of (service.volumes ?? []).map((volume) => volume.split(':')))
      if (!from.startsWith('.')) expect(volumes, name).toHaveProperty([from])
    // Nothing of it is open to other machines.
    for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:(\d+):\1$/)
  }

  expect(services['nats'].volumes).toContain('./nats.conf:/etc/nats/nats.conf:ro')
  const local = (word: string): string =>
    word
      .replace('/etc/nats/nats.conf', join(ROOT, 'apps/cluster/nats.conf'))
      .replace('/data', join(folder, 'data'))
      .replace('/memories', folder)
      .replace('nats:4222', `127.0.0.1:${nats}`)
      .replace('redis:6379', `127.0.0.1:${redis}`)
  const run = ({ image, command, environment = {} }: Service): ChildProcess => {
    const args = command.map(local)
    if (image.startsWith('nats:'))
      return start('nats-server', [...args, '--addr', '127.0.0.1', '--port', String(nats)])
    if (image.startsWith('redis:')) {
      const [program, ...rest] = args
      return start(program, [...rest, '--bind', '127.0.0.1', '--port', String(redis), '--dir', folder])
    }
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, local(value)]))
    return start(process.execPath, [MAIN, ...args], env)
  }
  const { nats: server, redis: store, publish, ...others } = services
  run(server)
  run(store)
  await Promise.all([listens(nats), listens(redis)])
  for (const service of Object.values(others))
    for (let n = service.deploy?.replicas ?? 1; n > 0; n--) run(service)
  expect(await finished(run(publish))).toBe('version 1: hebbian, 2 parts by patterns\n')
  await answersThroughAFront()

  const client = await connect({ servers: `nats://127.0.0.1:${nats}` })
  const file = await (await MapStore.open(client)).keepFile(net.toBytes())
  const flows = new Flows({ connection: { host: '127.0.0.1', port: redis }, queue: 'hopfield' })
  const { states, sweeps } = net.recallBatch(net.pattern(5))
  expect(await flows.recall('batch', file, net.pattern(5), 96)).toMatchObject({ states, sweeps })
  await flows.close()
  await client.close()
})
