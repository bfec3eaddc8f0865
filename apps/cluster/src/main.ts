#!/usr/bin/env node
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { Command, InvalidArgumentError } from 'commander'
import { load } from 'hopfield-native'
import { echoOf, measure } from './measure.js'
import { byNeurons, byPatterns, type Setting } from './model/costs.js'
import { Cluster } from './network/cluster.js'
import { Front } from './network/front.js'
import { Replica } from './network/replica.js'
import { MapStore } from './network/store.js'
import { worker } from './queue/flows.js'
import { within } from './tries.js'

const whole = (text: string): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('expected an integer of at least 0')
}

/** A lost server is looked for until it is back. */
function connected(servers: string): Promise<NatsConnection> {
  return connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100, waitOnFirstConnect: true })
}

/** How long a process may take to answer what it took, ms: an engine that is away answers nothing. */
const LEAVE = 5000

/** At SIGTERM or SIGINT a process answers what it took, and ends. */
function untilTold(stop: () => Promise<void>): void {
  const told = async (): Promise<void> => {
    try {
      await within(stop(), LEAVE)
    } catch (error) {
      console.error(`stopped before all was answered: ${(error as Error).message}`)
      process.exit(1)
    }
  }
  process.once('SIGTERM', told).once('SIGINT', told)
}

const program = new Command('hopfield-cluster')
  .description('One memory of hopfield-native on many machines, behind NATS.')
  .option('--servers <url>', "NATS's address", process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222')
  .option('--memory <name>', 'the name of the memory', 'memory')

program
  .command('serve')
  .description('serve one part of every map, as one of its replicas, until SIGTERM')
  .requiredOption('--part <number>', 'which part, from 0', whole)
  .option('--grace <ms>', 'how long a version is served after the next is in force', whole, 30_000)
  .action(async ({ part, grace }: { part: number; grace: number }) => {
    const { servers, memory } = program.opts<{ servers: string; memory: string }>()
    const nats = await connected(servers)
    const replica = await Replica.start(nats, { memory, part, grace })
    untilTold(async () => {
      await replica.stop()
      await nats.drain()
    })
  })

program
  .command('front')
  .description('answer whole requests, sharing them with other fronts, until SIGTERM')
  .option('--patience <ms>', 'how long a replica may take before another is asked', whole, 1000)
  .action(async ({ patience }: { patience: number }) => {
    const { servers, memory } = program.opts<{ servers: string; memory: string }>()
    const nats = await connected(servers)
    const front = await Front.start(nats, { memory, patience })
    untilTold(async () => {
      await front.stop()
      await nats.drain()
    })
  })

program
  .command('publish')
  .description('cut a memory and put the map in force, once all parts answer')
  .argument('<file>', 'a file that save() wrote')
  .requiredOption('--shards <number>', 'how many parts', whole)
  .option('--axis <axis>', "of a Hebbian network: 'patterns' or 'neurons'; whichever sends less by default")
  .option('--deadline <ms>', 'how long parts may take to load', whole, 60_000)
  .action(async (file: string, { shards, axis, deadline }) => {
    const { servers, memory } = program.opts<{ servers: string; memory: string }>()
    const nats = await connected(servers)
    const cluster = await Cluster.open(nats, { memory })
    try {
      const map = await cluster.publish(await load(file), { shards, ...(axis && { axis }) }, { deadline })
      console.log(`version ${map.version}: ${map.model}, ${map.shards.length} parts by ${map.axis}`)
    } finally {
      cluster.close()
      await nats.close()
    }
  })

program
  .command('status')
  .description('the map in force')
  .action(async () => {
    const { servers, memory } = program.opts<{ servers: string; memory: string }>()
    const nats = await connected(servers)
    const cluster = await Cluster.open(nats, { memory })
    console.log(JSON.stringify(cluster.map ?? null, null, 2))
    cluster.close()
    await nats.close()
  })

program
  .command('keep')
  .description('put a whole memory into the object store, for batches, and print its name')
  .argument('<file>', 'a file that save() wrote')
  .action(async (file: string) => {
    const nats = await connected(program.opts<{ servers: string }>().servers)
    console.log(await (await MapStore.open(nats)).keepFile((await load(file)).toBytes()))
    await nats.close()
  })

program
  .command('work')
  .description('do jobs of a queue on Redis until SIGTERM; memories come from the object store')
  .option('--redis <url>', "Redis's address", process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379')
  .option('--queue <name>', 'the name of the queue', 'hopfield')
  .action(async ({ redis, queue }: { redis: string; queue: string }) => {
    const nats = await connected(program.opts<{ servers: string }>().servers)
    const store = await MapStore.open(nats)
    const { hostname, port, username, password } = new URL(redis)
    const connection = {
      host: hostname,
      port: Number(port || 6379),
      ...(username && { username }),
      ...(password && { password }),
    }
    const doing = worker({ connection, queue }, (name) => store.file(name))
    untilTold(async () => {
      await doing.close()
      await nats.drain()
    })
  })

program
  .command('echo', { hidden: true })
  .description('send back what comes, for measure')
  .action(async () => {
    const { servers, memory } = program.opts<{ servers: string; memory: string }>()
    const nats = await connected(servers)
    nats.subscribe(echoOf(memory), {
      callback: (_, message) => {
        message.respond(message.data)
      },
    })
    untilTold(() => nats.drain())
  })

program
  .command('measure')
  .description('what a hop costs, and what a second part brings, on this machine')
  .option('--patterns <number>', 'of 256 neurons', whole, 200_000)
  .action(async ({ patterns }: { patterns: number }) => {
    const { servers } = program.opts<{ servers: string }>()
    const nats = await connected(servers)
    for (const line of await measure(nats, servers, patterns)) console.log(line)
    await nats.close()
  })

program
  .command('model')
  .description('what a synchronous step of a Hebbian recall costs by the model: bytes and time')
  .requiredOption('--neurons <number>', 'N', Number)
  .requiredOption('--patterns <number>', 'P', Number)
  .requiredOption('--shards <number>', 'how many parts', Number)
  .option('--batch <number>', 'cues of a batch', Number, 1)
  .option('--bandwidth <bytes>', 'of a link, per second', Number, 1.25e9)
  .option('--latency <seconds>', 'from one machine to another', Number, 50e-6)
  .option('--speed <bytes>', 'of packed patterns that a part goes through per second', Number, 5e9)
  .action((setting: Setting) => {
    for (const [axis, step] of Object.entries({
      patterns: byPatterns(setting),
      neurons: byNeurons(setting),
    })) {
      const [held, asked, answered] = [step.held, step.asked, step.answered].map((x) => x.toExponential(2))
      console.log(
        `by ${axis}: a part holds ${held} bytes, is sent ${asked} and sends ${answered} a step; ${step.seconds.toPrecision(3)} s`,
      )
    }
  })

await program.parseAsync()
