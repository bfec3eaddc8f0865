import { createHash } from 'node:crypto'
import { JetStreamApiError, jetstream } from '@nats-io/jetstream'
import { type KV, Kvm } from '@nats-io/kv'
import { type ObjectStore, Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { ClusterError } from '../errors.js'
import { readMap, type ShardMap } from '../parts/shard-map.js'
import type { Cut } from '../parts/split.js'
import { type Until, until, within } from '../tries.js'
import { triedOver, watchLink } from './link.js'

const BUCKET = 'hopfield'

/** 'next': what parts shall load; 'now': what is asked of them. */
export type Stage = 'next' | 'now'

/** A map as the store has it. */
interface Stored {
  readonly map: ShardMap | undefined
  /** What a change must follow; 0 before the first. */
  readonly revision: number
}

/** After how long maps are watched again where that has ended, ms. */
const AGAIN = 200
/** JetStream: another revision than was expected. */
const OTHER_REVISION = [10_071, 10_164]

/** Maps in JetStream's key-value store, snapshots of parts in its object store. */
export class MapStore {
  readonly #nats: NatsConnection
  readonly #maps: KV
  readonly #files: ObjectStore

  private constructor(nats: NatsConnection, maps: KV, files: ObjectStore) {
    this.#nats = nats
    this.#maps = maps
    this.#files = files
  }

  static async open(nats: NatsConnection, limit: Until = until(10_000), replicas = 1): Promise<MapStore> {
    const js = jetstream(nats)
    const [maps, files] = await stored(nats, limit, async () => [
      await new Kvm(js).create(BUCKET, { history: 5, replicas }),
      await new Objm(js).create(BUCKET, { replicas }),
    ])
    return new MapStore(nats, maps as KV, files as ObjectStore)
  }

  /** Stores the files of a cut; those that are there already stay. */
  async keep({ files }: Pick<Cut, 'files'>, limit: Until = until(60_000)): Promise<void> {
    for (const [name, bytes] of files) {
      const put = async (): Promise<void> => {
        if ((await this.#files.info(name)) === null) await this.#files.putBlob({ name }, bytes)
      }
      // At 1 MB per second and faster.
      await stored(this.#nats, limit, put, STEP + bytes.length / 1000)
    }
  }

  /** Stores a file under its SHA-256, which it returns. */
  async keepFile(bytes: Uint8Array): Promise<string> {
    const name = createHash('sha256').update(bytes).digest('hex')
    await this.keep({ files: new Map([[name, bytes]]) })
    return name
  }

  /** A snapshot, compared with its name. */
  async file(name: string): Promise<Uint8Array> {
    const bytes = await this.#files.getBlob(name)
    if (bytes === null) throw new ClusterError('ERR_CLUSTER_LOST', `the object store has no snapshot ${name}`)
    const found = createHash('sha256').update(bytes).digest('hex')
    if (found !== name)
      throw new ClusterError('ERR_CLUSTER_VALUE', `snapshot ${name}: its bytes have the digest ${found}`)
    return bytes
  }

  /** Gives a map a version of its own, above all others, and tells the parts of it. */
  async announce(memory: string, made: ShardMap, limit: Until): Promise<ShardMap> {
    while (true) {
      const [next, now] = [await this.map(memory, 'next', limit), await this.map(memory, 'now', limit)]
      const version = Math.max(next.map?.version ?? 0, now.map?.version ?? 0) + 1
      const map = { ...made, version }
      if (await this.#put(memory, 'next', map, next.revision, limit)) return map
    }
  }

  /** Puts an announced map in force, unless a later one is. */
  async enforce(memory: string, map: ShardMap, limit: Until): Promise<void> {
    while (true) {
      const now = await this.map(memory, 'now', limit)
      if (now.map !== undefined && now.map.version > map.version)
        throw new ClusterError(
          'ERR_CLUSTER_MOVED',
          `publish: version ${map.version} came up after version ${now.map.version} was put in force`,
        )
      if (await this.#put(memory, 'now', map, now.revision, limit)) return
    }
  }

  /** Whether the map has become the revision after `revision`; false if somebody else was first. */
  async #put(memory: string, stage: Stage, map: ShardMap, revision: number, limit: Until): Promise<boolean> {
    const text = JSON.stringify(map)
    return stored(this.#nats, limit, async () => {
      try {
        await this.#maps.put(`${memory}.${stage}`, text, { previousSeq: revision })
        return true
      } catch (error) {
        if (!(error instanceof JetStreamApiError && OTHER_REVISION.includes(error.code))) throw error
        // It may be this one, whose receipt was lost.
        return (await this.#maps.get(`${memory}.${stage}`))?.string() === text
      }
    })
  }

  async map(memory: string, stage: Stage, limit: Until = until(10_000)): Promise<Stored> {
    const entry = await stored(this.#nats, limit, () => this.#maps.get(`${memory}.${stage}`))
    if (entry === null) return { map: undefined, revision: 0 }
    const map = entry.operation === 'PUT' ? readMap(entry.string()) : undefined
    return { map, revision: entry.revision }
  }

  /** Calls `seen` with each map of a stage, the present one first, until `stop` is called. A server that was away is watched again. */
  watch(memory: string, stage: Stage, seen: (map: ShardMap) => void): () => void {
    let stopped = false
    let stop = (): void => {}
    // What watched in a server that has died would notice it after some ten seconds.
    const anew = (): void => stop()
    const { back } = watchLink(this.#nats)
    back.add(anew)
    const watching = async (): Promise<void> => {
      while (!stopped && !this.#nats.isClosed()) {
        try {
          const changes = await this.#maps.watch({ key: `${memory}.${stage}` })
          stop = () => changes.stop()
          if (stopped) return stop()
          for await (const entry of changes) if (entry.operation === 'PUT') told(entry.string(), seen)
        } catch {
          // Whatever it was, it is tried again.
        }
        if (!stopped) await new Promise((resolve) => setTimeout(resolve, AGAIN))
      }
    }
    void watching()
    return () => {
      stopped = true
      back.delete(anew)
      stop()
    }
  }
}

/** A map that nobody can read changes nothing. */
function told(text: string, seen: (map: ShardMap) => void): void {
  let map: ShardMap
  try {
    map = readMap(text)
  } catch (error) {
    console.error((error as Error).message)
    return
  }
  seen(map)
}

/** After how long a step that has not been answered is done again, ms: what was under way when a server died is answered by nobody. */
const STEP = 5000

/** A step at the store, until it works. */
function stored<T>(nats: NatsConnection, limit: Until, step: () => Promise<T>, most = STEP): Promise<T> {
  return triedOver(
    nats,
    limit,
    (left) => within(step(), Math.min(left, most)),
    (cause) =>
      new ClusterError(
        'ERR_CLUSTER_ENGINE',
        `JetStream did not do within ${limit.deadline} ms what it should: ${cause.message}`,
        { cause },
      ),
  )
}

/** Where a part of one version listens; replicas share the work as a queue group. */
export function subjectOf(memory: string, version: number, part: number): string {
  return `hopfield.${memory}.${version}.${part}`
}

/** Names go into subjects and keys. */
export function checkName(memory: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(memory)) return memory
  throw new ClusterError(
    'ERR_CLUSTER_VALUE',
    `name: expected letters, digits, _ or -, got ${JSON.stringify(memory)}`,
  )
}
