import { createHash } from 'node:crypto'
import {
  type AnyMemory,
  DenseAssociativeMemory,
  HopfieldNetwork,
  type Interaction,
  ModernHopfield,
  type ModernHopfieldOptions,
} from 'hopfield-native'
import { ClusterError } from '../errors.js'
import { rowsOf } from './packed.js'
import { cut, type Shard, type ShardMap } from './shard-map.js'

/** A map and the files that it names. */
export interface Cut {
  readonly map: ShardMap
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface SplitOptions {
  readonly shards: number
  /** Of a Hebbian network; whichever sends less by default: N numbers a step by patterns, P by neurons. */
  readonly axis?: 'patterns' | 'neurons'
  readonly version?: number
}

/**
 * Cuts a memory into parts, each a memory of the same class.
 * @throws ClusterError ERR_CLUSTER_UNSUPPORTED for a memory whose parts cannot give the bits of the whole, saying why.
 */
export function split(memory: AnyMemory, { shards, axis, version = 1 }: SplitOptions): Cut {
  if (!Number.isInteger(shards) || shards < 1) {
    throw new ClusterError(
      'ERR_CLUSTER_VALUE',
      `split: shards: expected an integer of at least 1, got ${shards}`,
    )
  }
  if (memory instanceof HopfieldNetwork) return splitHebbian(memory, shards, axis, version)
  if (axis === 'neurons') throw unsupported('only Hebbian networks are cut by neurons')
  if (memory instanceof DenseAssociativeMemory) return splitDense(memory, shards, version)
  if (memory instanceof ModernHopfield) return splitModern(memory, shards, version)
  throw unsupported(`${memory.constructor.name} has no parts here; serve it whole, with replicas`)
}

function splitHebbian(
  net: HopfieldNetwork,
  shards: number,
  wanted: SplitOptions['axis'],
  version: number,
): Cut {
  const { neurons, patternCount: count } = net
  const options = optionsOf(net)
  const { units, connections, selfWeights, normalize } = options
  if (net.learning !== 'hebbian' || units !== undefined || connections !== undefined || selfWeights)
    throw unsupported(
      'only Hebbian networks of ±1 neurons without connections or self-weights have parts whose fields add up',
    )
  if (neurons ** 2 * count >= 2 ** 53) throw unsupported('energies of N²·P ≥ 2^53 are no exact integers')
  const axis = wanted ?? (neurons <= count ? 'patterns' : 'neurons')
  const scale = normalize === 'none' ? 1 : neurons
  const { rows, ranges, file, files } = cutting(axis === 'patterns' ? count : neurons, shards)
  for (const [from, to] of ranges) {
    const part = new HopfieldNetwork({
      neurons: axis === 'patterns' ? neurons : to - from,
      normalize: 'none',
    })
    const own = axis === 'patterns' ? rowsOf(net.patterns(), from, to) : columnsOf(net, from, to)
    rows.push(file(from, to, part.store(own).toBytes()))
  }
  return { map: { version, model: 'hebbian', axis, neurons, scale, count, shards: rows }, files }
}

/** The neurons from…to of all patterns. */
function columnsOf(net: HopfieldNetwork, from: number, to: number): Int8Array {
  const width = to - from
  const out = new Int8Array(net.patternCount * width)
  for (let mu = 0; mu < net.patternCount; mu++) out.set(net.pattern(mu).subarray(from, to), mu * width)
  return out
}

function splitDense(net: DenseAssociativeMemory, shards: number, version: number): Cut {
  const { neurons, patternCount: count } = net
  const { interaction: written } = optionsOf(net) as { interaction: Interaction }
  const energies = written.kind === 'table' ? tableOf(net) : undefined
  const interaction: Interaction =
    energies === undefined ? written : { kind: 'table', values: (v) => energies[(v + neurons) / 2] }
  const most = largestSum(interaction, neurons, count)
  if (interaction.kind !== 'exponential' && !(most < 2 ** 51))
    throw unsupported(
      'sums of F over all patterns are no exact integers below 2^51, so their order matters; only an exponential F may be real',
    )
  const { rows, ranges, file, files } = cutting(count, shards)
  for (const [from, to] of ranges) {
    const part = new DenseAssociativeMemory({ neurons, interaction })
    rows.push(file(from, to, part.store(rowsOf(net.patterns(), from, to)).toBytes()))
  }
  const kept = interaction.kind === 'table' ? ({ kind: 'table' } as const) : interaction
  return {
    map: { version, model: 'dense', axis: 'patterns', neurons, count, interaction: kept, shards: rows },
    files,
  }
}

/** The largest sum of |F| over P patterns; NaN where an F is no integer. */
function largestSum(interaction: Interaction, neurons: number, count: number): number {
  switch (interaction.kind) {
    case 'polynomial':
    case 'rectified':
      return 2 * count * neurons ** interaction.degree
    case 'epanechnikov':
      return count * interaction.radius
    case 'exponential':
      return Number.NaN
    case 'table': {
      const f = interaction.values as (v: number) => number
      let most = 0
      for (let v = -neurons; v <= neurons; v += 2) {
        if (!Number.isInteger(f(v))) return Number.NaN
        most = Math.max(most, Math.abs(f(v)))
      }
      return 2 * count * most
    }
  }
}

function splitModern(net: ModernHopfield, shards: number, version: number): Cut {
  const { dimension, patternCount: count, separator, precision, beta, similarity } = net
  if (separator !== 'softmax' && separator !== 'epanechnikov')
    throw unsupported(`separation '${separator}' sorts the scores of all keys`)
  if (precision === 'single')
    throw unsupported("with precision 'single' sums are f32 within tiles of keys; use 'double'")
  const values = optionsOf(net)['valueDimension'] as number | undefined
  const options: ModernHopfieldOptions = {
    dimension,
    separation: separator,
    beta,
    similarity,
    ...(values === undefined ? {} : { valueDimension: values }),
  }
  const facts = net.keyFacts
  const salient = facts.leastLog !== 0 || facts.mostLog !== 0
  const keys = net.patterns()
  const { rows, ranges, file, files } = cutting(count, shards)
  for (const [from, to] of ranges) {
    const some = Array.from({ length: to - from }, (_, k) => from + k)
    const weights = salient ? { weights: some.map((mu) => net.salience(mu)) } : {}
    const own = keys.subarray(from * dimension, to * dimension)
    const part = new ModernHopfield(options)
    part.store(own, values === undefined ? undefined : some.map((mu) => net.value(mu)), weights)
    rows.push(file(from, to, part.toBytes()))
  }
  return {
    map: { version, model: 'modern', axis: 'patterns', dimension, values, count, facts, shards: rows },
    files,
  }
}

/** Runs of what is cut, and where their files go. Shards that would be empty are left out. */
function cutting(length: number, shards: number) {
  const files = new Map<string, Uint8Array>()
  const rows: Shard[] = []
  const ranges = cut(length, shards).filter(([from, to]) => to > from)
  if (ranges.length === 0)
    throw new ClusterError('ERR_CLUSTER_VALUE', 'split: expected a memory with patterns, got none')
  const file = (from: number, to: number, bytes: Uint8Array): Shard => {
    const name = createHash('sha256').update(bytes).digest('hex')
    files.set(name, bytes)
    return { from, to, file: name }
  }
  return { rows, ranges, file, files }
}

/** The header of the memory's file, docs/persistence.md. */
function headerOf(
  bytes: Uint8Array,
): Record<string, { data_offsets: [number, number] } & Record<string, string>> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
}

/** What the constructor was given. */
function optionsOf(memory: AnyMemory): Record<string, unknown> {
  return JSON.parse(headerOf(memory.toBytes())['__metadata__']['options'])
}

/** F(−N), F(−N + 2), …, F(N). */
function tableOf(net: DenseAssociativeMemory): Float64Array {
  const bytes = net.toBytes()
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const [from, to] = headerOf(bytes)['interaction.energies'].data_offsets
  return new Float64Array(bytes.slice(8 + length + from, 8 + length + to).buffer)
}

function unsupported(why: string): ClusterError {
  return new ClusterError('ERR_CLUSTER_UNSUPPORTED', `split: ${why}`)
}
