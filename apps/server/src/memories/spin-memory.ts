import {
  type BatchResult,
  type DenseAssociativeMemory,
  HopfieldError,
  type HopfieldNetwork,
  type Id,
  PackedPatterns,
} from 'hopfield-native'
import type { Each, Found, Recalls, Row, ServedMemory } from './served-memory.js'

/** A batch is one call of a kernel: the server's own batches are what runs side by side. */
const ONE_THREAD = { threads: 1 }

/** A memory of ±1 states. A row is packed: neuron i in bit i mod 8 of byte ⌊i/8⌋. */
export class SpinMemory implements ServedMemory {
  readonly kind: string
  readonly width: number
  readonly rowBytes: number
  readonly #memory: HopfieldNetwork | DenseAssociativeMemory
  /** Bits of the last byte that belong to no neuron. */
  readonly #beyond: number

  constructor(memory: HopfieldNetwork | DenseAssociativeMemory) {
    this.kind = memory.constructor.name
    this.#memory = memory
    this.width = memory.neurons
    this.rowBytes = Math.ceil(memory.neurons / 8)
    this.#beyond = memory.neurons % 8 === 0 ? 0 : 256 - 2 ** (memory.neurons % 8)
  }

  get patternCount(): number {
    return this.#memory.patternCount
  }

  facts(): Readonly<Record<string, unknown>> {
    const { neurons, patternCount, alpha } = this.#memory
    return { class: this.kind, neurons, patternCount, alpha }
  }

  row(name: string, given: unknown): Row {
    const bytes =
      typeof given === 'string'
        ? bytesOf(name, given)
        : given instanceof Uint8Array
          ? given
          : this.#packed(name, given)
    if (bytes.length !== this.rowBytes) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `${name}: expected ${this.rowBytes} bytes for ${this.width} neurons, got ${bytes.length}`,
      )
    }
    return this.#clean(name, bytes)
  }

  rows(bytes: Uint8Array): Row[] {
    const size = this.rowBytes
    if (bytes.length === size) return [this.#clean('body', bytes)]
    if (bytes.length % size !== 0 || bytes.length === 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `body: expected states of ${size} bytes for ${this.width} neurons each, got ${bytes.length} bytes`,
      )
    }
    return Array.from({ length: bytes.length / size }, (_, k) =>
      this.#clean(`body[${k}]`, bytes.subarray(k * size, (k + 1) * size)),
    )
  }

  numbers(row: Row): number[] {
    return Array.from({ length: this.width }, (_, i) => (((row[i >> 3] >> (i & 7)) & 1) === 1 ? 1 : -1))
  }

  bytes(row: Row): Uint8Array {
    return row as Uint8Array
  }

  async recall(
    rows: readonly Row[],
    options: object,
    streams: Float64Array,
    here: boolean,
    signal?: AbortSignal,
  ): Promise<Recalls> {
    const given = { ...options, packed: true, streams } as const
    const cues = this.#states(rows)
    const result: BatchResult<PackedPatterns> = here
      ? this.#memory.recallBatch(cues, given)
      : await this.#memory.recallAsync(cues, { ...given, ...ONE_THREAD, ...(signal && { signal }) })
    const states = result.states.toBytes()
    const size = this.rowBytes
    const { converged, energies, sweeps, flips, cycles, active } = result
    return {
      energies,
      converged,
      at: (k) => {
        const recalled = {
          state: states.subarray(k * size, (k + 1) * size),
          converged: converged[k] === 1,
          energy: energies[k],
          sweeps: sweeps[k],
          flips: flips[k],
          cycle: cycles[k],
        }
        return active === undefined ? recalled : { ...recalled, active: active[k] }
      },
    }
  }

  async nearest(rows: readonly Row[], k: number, here: boolean): Promise<Each<Found>> {
    const states = this.#states(rows)
    const { indices, overlaps, ids } = here
      ? this.#memory.nearest(states, { k })
      : await this.#memory.nearestAsync(states, { k, ...ONE_THREAD })
    return each(rows.length, indices, overlaps, ids)
  }

  async overlaps(rows: readonly Row[], here: boolean): Promise<Each<Float64Array>> {
    const states = this.#states(rows)
    const all = here
      ? this.#memory.overlapsBatch(states)
      : await this.#memory.overlapsBatchAsync(states, ONE_THREAD)
    return slices(all, rows.length)
  }

  async energies(rows: readonly Row[], here: boolean): Promise<Each<number>> {
    const states = this.#states(rows)
    const energies = here
      ? this.#memory.energyBatch(states)
      : await this.#memory.energyBatchAsync(states, ONE_THREAD)
    return { at: (k) => energies[k] }
  }

  indexOf(id: Id): number {
    return this.#memory.indexOf(id)
  }

  async store(rows: readonly Row[], ids: readonly Id[] | undefined): Promise<void> {
    await this.#memory.storeAsync(this.#states(rows), ids && { ids })
  }

  forget(id: Id): void {
    this.#memory.forget({ id })
  }

  replace(id: Id, row: Row): void {
    this.#memory.replace({ id }, this.#states([row]))
  }

  save(path: string): Promise<void> {
    return this.#memory.save(path)
  }

  #states(rows: readonly Row[]): PackedPatterns {
    const size = this.rowBytes
    let bytes = rows[0] as Uint8Array
    if (rows.length > 1) {
      bytes = new Uint8Array(rows.length * size)
      for (let k = 0; k < rows.length; k++) bytes.set(rows[k], k * size)
    }
    return PackedPatterns.fromBytes(bytes, { neurons: this.width })
  }

  #packed(name: string, given: unknown): Uint8Array {
    if (!Array.isArray(given) && !(given instanceof Int8Array)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `${name}: expected ${this.width} values ±1, or packed bytes (base64 in JSON), got ${typeof given}`,
      )
    }
    if (given.length !== this.width) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `${name}: expected ${this.width} values, got ${given.length}`,
      )
    }
    const bytes = new Uint8Array(this.rowBytes)
    for (let i = 0; i < given.length; i++) {
      const s = given[i]
      if (s === 1) bytes[i >> 3] |= 1 << (i & 7)
      else if (s !== -1) {
        throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}[${i}]: expected +1 or -1, got ${told(s)}`)
      }
    }
    return bytes
  }

  /** Refuses what the batch that the row goes into would be refused for. */
  #clean(name: string, bytes: Uint8Array): Uint8Array {
    const last = bytes[bytes.length - 1]
    if ((last & this.#beyond) === 0) return bytes
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${name}: expected 0 in the bits behind the last of ${this.width} neurons, got ${last} in the last byte`,
    )
  }
}

/** What a string of a body has in base64. */
export function bytesOf(name: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  // Node leaves out what is no base64.
  if (bytes.length === Math.floor((text.replace(/=+$/, '').length * 3) / 4)) return bytes
  throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected base64, got ${told(text)}`)
}

/** A value at the end of a message. */
export function told(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 37)}…` : text
}

/** Rows of k patterns each. */
export function each(
  count: number,
  indices: Uint32Array,
  similarities: Int32Array | Float64Array,
  ids: readonly (Id | undefined)[] | undefined,
): Each<Found> {
  const k = indices.length / count
  return {
    at: (b) => {
      const found = {
        indices: indices.subarray(b * k, (b + 1) * k),
        similarities: similarities.subarray(b * k, (b + 1) * k),
      }
      return ids === undefined ? found : { ...found, ids: ids.slice(b * k, (b + 1) * k) }
    },
  }
}

/** Rows of a table. */
export function slices(all: Float64Array, count: number): Each<Float64Array> {
  const width = all.length / count
  return { at: (k) => all.subarray(k * width, (k + 1) * width) }
}
