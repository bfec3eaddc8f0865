import { connect, type NatsConnection } from '@nats-io/transport-node'
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { Cluster } from '../src/network/cluster.js'
import { FrontClient } from '../src/network/front-client.js'
import { MapStore } from '../src/network/store.js'
import { Flows } from '../src/queue/flows.js'
import { chainedRecalls, type Recalled } from '../src/recall/synchronous.js'
import { type Engine, front, natsServer, type Running, redisServer, replica, work } from './servers.js'

// Processes are killed while requests run, and every answer is compared with one process.

const NEURONS = 200
const PATTERNS = 24

const memory = new HopfieldNetwork({ neurons: NEURONS }).store(
  randomPatterns({ count: PATTERNS, neurons: NEURONS, seed: 11 }),
)

const cueOf = (b: number): Int8Array =>
  addNoise(memory.pattern(b % PATTERNS), { noise: 0.05 + 0.01 * (b % 30), seed: b })

/** How much, at least. */
export interface Size {
  readonly requests: number
  readonly kills: number
  /** Between kills, ms. */
  readonly pause: number
}

/** A line of the table. */
export interface Row {
  readonly killed: string
  readonly kills: number
  readonly requests: number
  /** Questions, requests or jobs that were asked for again. */
  readonly again: number
  /** Requests that ended in an error, and what it said. */
  readonly lost: readonly string[]
  /** Requests whose answer is not that of one process. */
  readonly wrong: readonly number[]
  readonly seconds: number
}

export const WHAT = [
  'part servers',
  'fronts',
  'nats-server',
  'all of these',
  'workers',
  'redis-server',
] as const
export type What = (typeof WHAT)[number]

/** The table of some rows. */
export function table(rows: readonly Row[]): string {
  const head =
    '| what was killed | kills | requests | asked again | lost | wrong | seconds |\n| --- | --- | --- | --- | --- | --- | --- |'
  const number = (n: number): string => n.toLocaleString('en-US')
  const lines = rows.map(
    ({ killed, kills, requests, again, lost, wrong, seconds }) =>
      `| ${killed} | ${[kills, requests, again, lost.length, wrong.length, Math.round(seconds)].map(number).join(' | ')} |`,
  )
  return [head, ...lines].join('\n')
}

export function underKills(what: What, size: Size): Promise<Row> {
  return what === 'workers' || what === 'redis-server' ? batches(what, size) : online(what, size)
}

/** Kills one process after the other, by chance, and starts it again, until told to stop. */
class Killer {
  kills = 0
  #stopped = false
  readonly #running: Promise<void>

  constructor(engines: readonly Engine[], pause: number) {
    this.#running = this.#go(engines, pause)
  }

  async #go(engines: readonly Engine[], pause: number): Promise<void> {
    let state = 1
    while (true) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      // At any time: the pause is drawn too.
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + (state & 0xff) / 256)))
      if (this.#stopped) return
      const engine = engines[(state >>> 16) % engines.length]
      await engine.stop()
      this.kills++
      engine.start()
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }
}

/** Sends requests, `width` at a time, until there are enough of them and of kills. */
async function send(
  killed: What,
  engines: readonly Engine[],
  { requests, kills, pause }: Size,
  width: number,
  weight: number,
  one: (k: number) => Promise<boolean>,
  between: (done: number) => Promise<void> = async () => {},
): Promise<Omit<Row, 'again'>> {
  const [lost, wrong]: [string[], number[]] = [[], []]
  const began = performance.now()
  const killer = new Killer(engines, pause)
  let [next, done] = [0, 0]
  const lane = async (): Promise<void> => {
    while (next * weight < requests || killer.kills < kills) {
      const k = next++
      try {
        if (!(await one(k))) wrong.push(k)
      } catch (error) {
        lost.push(`${k}: ${String(error)}`)
      }
      await between(++done)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  await killer.stop()
  const seconds = (performance.now() - began) / 1000
  return { killed, kills: killer.kills, requests: done * weight, lost, wrong, seconds }
}

const dial = ({ port }: Running): Promise<NatsConnection> =>
  connect({ servers: `nats://127.0.0.1:${port}`, maxReconnectAttempts: -1, reconnectTimeWait: 50 })

const PATIENT = { memory: 'killed', deadline: 120_000, patience: 500 }

/** Two parts × two replicas, and two fronts. Half-way, and after every 5,000 requests, the memory is cut anew into 3 parts or 2. */
async function online(what: What, size: Size): Promise<Row> {
  const server = await natsServer()
  const parts = [0, 1, 2, 0, 1, 2].map((part) => replica(server.port, 'killed', part, 2000))
  const fronts = [1, 2].map(() => front(server.port, 'killed'))
  for (const engine of [...parts, ...fronts]) engine.start()
  const nats = await dial(server)
  const cluster = await Cluster.open(nats, PATIENT)
  const client = new FrontClient(nats, PATIENT)
  try {
    let shards = 2
    let last: Promise<void> = Promise.resolve()
    // One after the other: a version that comes up after a later one is refused, as it should be.
    const publish = (): Promise<void> => {
      last = last.then(async () => {
        await cluster.publish(memory, { shards, axis: 'patterns' })
        shards = 5 - shards
      })
      return last
    }
    await publish()
    const killed = { 'part servers': parts, fronts, 'nats-server': [server.engine] }[what as string]
    const through = what === 'part servers' ? asked(cluster) : client
    const every = Math.min(5000, Math.floor(size.requests / 2))
    const row = await send(
      what,
      killed ?? [...parts, ...fronts, server.engine],
      size,
      32,
      1,
      async (k) => (await answered(through, k)) === expected(k),
      async (done) => {
        if (done % every === 0) await publish()
      },
    )
    return { ...row, again: cluster.askedAgain + client.askedAgain }
  } finally {
    cluster.close()
    await Promise.all([...parts, ...fronts].map((engine) => engine.stop()))
    await nats.close()
    await server.stop()
  }
}

type Asking = Pick<FrontClient, 'nearest' | 'recall'>

/** A cluster as a front's client has it. */
function asked(cluster: Cluster): Asking {
  return {
    nearest: (states, k) => cluster.request((whole) => whole.nearest(states, k)),
    recall: (cues, options) => cluster.request((whole) => whole.recall(cues, options)),
  }
}

/** Eight of ten requests search, one recalls synchronously and one asynchronously. */
const searches = (b: number): boolean => b % 10 < 8
const dynamicsOf = (b: number) => (b % 10 === 8 ? 'synchronous' : 'asynchronous')

/** What one process says, as text. */
function expected(b: number): string {
  const cue = cueOf(b)
  if (searches(b)) return [...memory.nearest(cue, { k: 3 }).indices].join()
  const { state, sweeps, flips, energy } = memory.recall(cue, { dynamics: dynamicsOf(b), stream: b })
  return `${state.join()};${sweeps};${flips};${energy}`
}

async function answered(whole: Asking, b: number): Promise<string> {
  const cue = cueOf(b)
  if (searches(b)) return [...(await whole.nearest(cue, 3)).indices].join()
  const { states, sweeps, flips, energies } = await whole.recall(cue, { dynamics: dynamicsOf(b), stream: b })
  return `${states.join()};${sweeps[0]};${flips[0]};${energies[0]}`
}

const BATCH = 1024

/** Batches of 1,024 cues in four jobs each, which three workers share. A cue counts as a request. */
async function batches(what: What, size: Size): Promise<Row> {
  const [server, redis] = [await natsServer(), await redisServer()]
  const nats = await dial(server)
  const file = await (await MapStore.open(nats)).keepFile(memory.toBytes())
  const workers = [1, 2, 3].map(() => work(server.port, redis.port, 'killed'))
  for (const engine of workers) engine.start()
  const connection = { host: '127.0.0.1', port: redis.port }
  const flows = new Flows({ connection, queue: 'killed', patience: 120_000 })
  const rows = Array.from({ length: 8 }, (_, k) =>
    Int8Array.from(Array.from({ length: BATCH }, (_, b) => [...cueOf(k * BATCH + b)]).flat()),
  )
  const text = (made: Recalled): string =>
    JSON.stringify(
      Object.values(chainedRecalls([made])).map((list) => Buffer.from(list.buffer).toString('hex')),
    )
  const right = rows.map((cues, k) => text(pick(memory.recallBatch(cues, { seed: k }))))
  try {
    const row = await send(what, what === 'workers' ? workers : [redis.engine], size, 6, BATCH, async (k) => {
      const made = await flows.recall(`batch-${k}`, file, rows[k % 8], NEURONS, { seed: k % 8 })
      return text(pick(made)) === right[k % 8]
    })
    return { ...row, again: flows.doneAgain }
  } finally {
    await flows.close()
    await Promise.all(workers.map((engine) => engine.stop()))
    await nats.close()
    await Promise.all([server.stop(), redis.stop()])
  }
}

const pick = ({ states, converged, sweeps, flips, energies, cycles }: Recalled): Recalled => ({
  states: states.slice(),
  converged: converged.slice(),
  sweeps: sweeps.slice(),
  flips: flips.slice(),
  energies: energies.slice(),
  cycles: cycles.slice(),
})
