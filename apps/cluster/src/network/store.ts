import { createHash } from 'node:crypto'
import { jetstream } from '@nats-io/jetstream'
import { type KV, Kvm } from '@nats-io/kv'
import { type ObjectStore, Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import { ClusterError } from '../errors.js'
import type { ShardMap } from '../parts/shard-map.js'
import type { Cut } from '../parts/split.js'

const BUCKET = 'hopfield'

/** 'next': what parts shall load; 'now': what is asked of them. */
export type Stage = 'next' | 'now'

/** Maps in JetStream's key-value store, snapshots of parts in its object store. */
export class MapStore {
  readonly #maps: KV
  readonly #files: ObjectStore

  private constructor(maps: KV, files: ObjectStore) {
    this.#maps = maps
    this.#files = files
  }

  static async open(nats: NatsConnection, replicas = 1): Promise<MapStore> {
    const js = jetstream(nats)
    const maps = await new Kvm(js).create(BUCKET, { history: 5, replicas })
    const files = await new Objm(js).create(BUCKET, { replicas })
    return new MapStore(maps, files)
  }

  /** Stores the files of a cut; those that are there already stay. */
  async keep({ files }: Pick<Cut, 'files'>): Promise<void> {
    for (const [name, bytes] of files) {
      if ((await this.#files.info(name)) === null) await this.#files.putBlob({ name }, bytes)
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

  async put(memory: string, stage: Stage, map: ShardMap): Promise<void> {
    await this.#maps.put(`${memory}.${stage}`, JSON.stringify(map))
  }

  async map(memory: string, stage: Stage): Promise<ShardMap | undefined> {
    const entry = await this.#maps.get(`${memory}.${stage}`)
    return entry?.operation === 'PUT' ? (JSON.parse(entry.string()) as ShardMap) : undefined
  }

  /** Calls `seen` with each map of a stage, the present one first, until `stop` is called. */
  async watch(memory: string, stage: Stage, seen: (map: ShardMap) => void): Promise<() => void> {
    const changes = await this.#maps.watch({ key: `${memory}.${stage}` })
    const reading = async (): Promise<void> => {
      for await (const entry of changes)
        if (entry.operation === 'PUT') seen(JSON.parse(entry.string()) as ShardMap)
    }
    reading().catch(() => {})
    return () => changes.stop()
  }
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
