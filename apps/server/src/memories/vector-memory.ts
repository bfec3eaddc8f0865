import { HopfieldError, type Id, type ModernHopfield } from 'hopfield-native'
import type { Each, Found, Recalls, Row, ServedMemory } from './served-memory.js'
import { bytesOf, each, slices, told } from './spin-memory.js'

const ONE_THREAD = { threads: 1 }

/** A memory of real vectors. A row has d numbers, as f32 little-endian where it is packed. */
export class VectorMemory implements ServedMemory {
  readonly kind = 'ModernHopfield'
  readonly width: number
  readonly rowBytes: number
  readonly #memory: ModernHopfield

  /** @throws HopfieldError ERR_HOPFIELD_OPTION for a memory with values: the wire has no place for them. */
  constructor(memory: ModernHopfield) {
    if (memory.valueDimension !== memory.dimension) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `this ModernHopfield stores values of ${memory.valueDimension} numbers beside its keys; the server has memories without valueDimension`,
      )
    }
    this.#memory = memory
    this.width = memory.dimension
    this.rowBytes = 4 * memory.dimension
  }

  get patternCount(): number {
    return this.#memory.patternCount
  }

  facts(): Readonly<Record<string, unknown>> {
    const { dimension, patternCount, beta, similarity, separator } = this.#memory
    return { class: this.kind, dimension, patternCount, beta, similarity, separation: separator }
  }

  row(name: string, given: unknown): Row {
    if (typeof given === 'string') return this.#numbers(name, bytesOf(name, given))
    if (given instanceof Uint8Array) return this.#numbers(name, given)
    if (!Array.isArray(given)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `${name}: expected ${this.width} numbers, or f32 bytes (base64 in JSON), got ${typeof given}`,
      )
    }
    if (given.length !== this.width) throw this.#misfit(name, 'numbers', given.length)
    const row = new Float32Array(given.length)
    for (let i = 0; i < row.length; i++) {
      const x: unknown = given[i]
      row[i] = typeof x === 'number' ? x : Number.NaN
      if (!Number.isFinite(row[i])) throw noNumber(`${name}[${i}]`, x)
    }
    return row
  }

  rows(bytes: Uint8Array): Row[] {
    const size = this.rowBytes
    if (bytes.length % size !== 0 || bytes.length === 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `body: expected vectors of ${size} bytes for ${this.width} numbers each, got ${bytes.length} bytes`,
      )
    }
    return Array.from({ length: bytes.length / size }, (_, k) =>
      this.#numbers(`body[${k}]`, bytes.subarray(k * size, (k + 1) * size)),
    )
  }

  numbers(row: Row): number[] {
    return Array.from(row)
  }

  bytes(row: Row): Uint8Array {
    const bytes = new Uint8Array(4 * row.length)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < row.length; i++) view.setFloat32(4 * i, row[i], true)
    return bytes
  }

  async recall(
    rows: readonly Row[],
    options: object,
    _streams: Float64Array,
    here: boolean,
    signal?: AbortSignal,
  ): Promise<Recalls> {
    const queries = this.#vectors(rows)
    const result = here
      ? this.#memory.recallBatch(queries, options)
      : await this.#memory.recallAsync(queries, { ...options, ...ONE_THREAD, ...(signal && { signal }) })
    const { states, converged, energies, steps, active } = result
    const d = this.width
    return {
      energies,
      converged,
      at: (k) => ({
        state: states.subarray(k * d, (k + 1) * d),
        converged: converged[k] === 1,
        energy: energies[k],
        sweeps: steps[k],
        active: active[k],
      }),
    }
  }

  async nearest(rows: readonly Row[], k: number, here: boolean): Promise<Each<Found>> {
    const queries = this.#vectors(rows)
    const { indices, similarities, ids } = here
      ? this.#memory.topBatch(queries, k)
      : await this.#memory.topAsync(queries, k, ONE_THREAD)
    return each(rows.length, indices, similarities, ids)
  }

  async overlaps(rows: readonly Row[], here: boolean): Promise<Each<Float64Array>> {
    const queries = this.#vectors(rows)
    const all = here
      ? this.#memory.overlapsBatch(queries)
      : await this.#memory.overlapsBatchAsync(queries, ONE_THREAD)
    return slices(all, rows.length)
  }

  async energies(rows: readonly Row[], here: boolean): Promise<Each<number>> {
    const queries = this.#vectors(rows)
    const energies = here
      ? this.#memory.energyBatch(queries)
      : await this.#memory.energyBatchAsync(queries, ONE_THREAD)
    return { at: (k) => energies[k] }
  }

  indexOf(id: Id): number {
    return this.#memory.indexOf(id)
  }

  async store(rows: readonly Row[], ids: readonly Id[] | undefined): Promise<void> {
    await this.#memory.storeAsync(this.#vectors(rows), ids && { ids })
  }

  forget(id: Id): void {
    this.#memory.forget({ id })
  }

  replace(id: Id, row: Row): void {
    this.#memory.replace({ id }, row)
  }

  save(path: string): Promise<void> {
    return this.#memory.save(path)
  }

  #vectors(rows: readonly Row[]): Float32Array {
    const all = new Float32Array(rows.length * this.width)
    for (const [k, row] of rows.entries()) all.set(row, k * this.width)
    return all
  }

  #numbers(name: string, bytes: Uint8Array): Float32Array {
    if (bytes.length !== this.rowBytes) throw this.#misfit(name, 'bytes', bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const row = new Float32Array(this.width)
    for (let i = 0; i < row.length; i++) {
      row[i] = view.getFloat32(4 * i, true)
      if (!Number.isFinite(row[i])) throw noNumber(`${name}[${i}]`, row[i])
    }
    return row
  }

  #misfit(name: string, what: 'numbers' | 'bytes', got: number): HopfieldError {
    const wanted = what === 'bytes' ? this.rowBytes : this.width
    return new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${wanted} ${what}, got ${got}`)
  }
}

function noNumber(name: string, x: unknown): HopfieldError {
  return new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected a number that f32 holds, got ${told(x)}`)
}
