import { connect } from '@nats-io/transport-node'
import { addNoise, HopfieldNetwork, randomPatterns } from 'hopfield-native'
import { expect, test } from 'vitest'
import { Cluster } from '../src/network/cluster.js'
import { Front } from '../src/network/front.js'
import { FrontClient } from '../src/network/front-client.js'
import { Replica } from '../src/network/replica.js'
import { has, natsServer } from './servers.js'

const net = new HopfieldNetwork({ neurons: 96 }).store(randomPatterns({ count: 200, neurons: 96, seed: 4 }))

test.skipIf(!has('nats-server'))(
  'from two parts to three and back to two while requests run: no error, the same bits',
  async () => {
    const server = await natsServer()
    const nats = await connect({ servers: `nats://127.0.0.1:${server.port}` })
    const memory = 'rebalanced'
    // Former versions go 100 ms after the next one is in force: requests under way may have to begin again.
    const start = (part: number) => Replica.start(nats, { memory, part, grace: 100 })
    const replicas = [await start(0), await start(0), await start(1), await start(1)]
    const cluster = await Cluster.open(nats, { memory, patience: 5000, deadline: 60_000 })
    await cluster.publish(net, { shards: 2, axis: 'patterns' })
    const front = await Front.start(nats, { memory, patience: 5000 })
    const client = new FrontClient(nats, { memory, patience: 5000, deadline: 60_000 })

    const under = new Map<number, number>()
    let [running, wrong, count] = [true, 0, 0]
    const ask = async (): Promise<void> => {
      while (running) {
        const b = count++
        const cue = addNoise(net.pattern(b % 200), { noise: 0.2, seed: b })
        const options = { dynamics: b % 4 < 2 ? 'synchronous' : 'asynchronous', stream: b } as const
        const got =
          b % 2 === 0
            ? await client.recall(cue, options)
            : await cluster.request(async (whole) => {
                const ends = await whole.recall(cue, options)
                under.set(whole.map.shards.length, (under.get(whole.map.shards.length) ?? 0) + 1)
                return ends
              })
        const { state, sweeps, energy } = net.recall(cue, options)
        const same =
          [got.states.join(), got.sweeps[0], got.energies[0]].join(';') ===
          [state.join(), sweeps, energy].join(';')
        if (!same) wrong++
      }
    }
    const asking = Promise.all(Array.from({ length: 8 }, ask))
    const answeredBy = (shards: number): Promise<unknown> => {
      const before = under.get(shards) ?? 0
      return expect.poll(() => under.get(shards) ?? 0, { timeout: 60_000 }).toBeGreaterThan(before + 50)
    }

    await answeredBy(2)
    // Part 2 is started first, then the map that has it is published.
    replicas.push(await start(2))
    expect((await cluster.publish(net, { shards: 3, axis: 'patterns' })).shards.length).toBe(3)
    await answeredBy(3)
    expect((await cluster.publish(net, { shards: 2, axis: 'patterns' })).shards.length).toBe(2)
    await answeredBy(2)
    // Nobody asks part 2 any more.
    await replicas.pop()?.stop()
    await answeredBy(2)
    running = false
    await asking
    expect(wrong).toBe(0)
    cluster.close()
    await front.stop()
    await Promise.all(replicas.map((one) => one.stop()))
    await nats.close()
    await server.stop()
  },
)
