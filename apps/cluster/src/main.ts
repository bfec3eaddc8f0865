#!/usr/bin/env node
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { Command, InvalidArgumentError } from 'commander'
import { load } from 'hopfield-native'
import { Cluster } from './network/cluster.js'
import { Replica } from './network/replica.js'

const whole = (text: string): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('expected an integer of at least 0')
}

/** A lost server is looked for until it is back. */
function connected(servers: string): Promise<NatsConnection> {
  return connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100, waitOnFirstConnect: true })
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
    const stop = async (): Promise<void> => {
      await replica.stop()
      await nats.drain()
    }
    process.once('SIGTERM', stop).once('SIGINT', stop)
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

await program.parseAsync()
