import { allHere, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { Kernels, Memory } from '../kernels/contract/kernels.js'
import { columnWords, rowWords, spin } from '../kernels/contract/layout.js'
import { readRows } from './clean-rows.js'
import type { SignLearner } from './learner.js'
import type { Staged } from './packed-rows.js'
import { misfit, type RecordReader, type RecordWriter } from './record.js'
import type { Replacement } from './row-memory.js'
import { RowWeights } from './row-weights.js'

const NO_SIGNS = new Uint32Array(0)
/** Rows that are compared with as many columns in one step: whole words of bits. */
const STRIP = 256

/** J_ij = ±1, one bit a weight, all learned again whenever patterns come or go. */
export class SignWeights extends RowWeights {
  readonly form = 'bits'
  readonly symmetric = true
  readonly #learner: SignLearner
  #signs: Uint32Array = NO_SIGNS

  constructor(kernels: Kernels, neurons: number, learner: SignLearner) {
    super(kernels, neurons)
    this.#learner = learner
  }

  get divisor(): number {
    return this.neurons
  }

  protected override recordOwn(to: RecordWriter): void {
    const { neurons, count } = this
    to.array('weights', this.#signs, [count === 0 ? 0 : neurons, rowWords(neurons)])
  }

  protected override restoreOwn(from: RecordReader): void {
    const { neurons, count } = this
    const { values: signs } = readRows(from, 'weights', count === 0 ? 0 : neurons, neurons)
    from.check(() => checkSymmetric(this.kernels, signs, count === 0 ? 0 : neurons))
    this.#signs = signs
  }

  protected override *learn({ all, count }: Staged): Steps<undefined> {
    this.#signs = yield* this.#made(all, this.count + count)
  }

  protected override unlearn(index: number): void {
    this.#signs = allHere(this.#made(this.others(index), this.count - 1))
  }

  protected override relearn({ all }: Replacement): void {
    this.#signs = allHere(this.#made(all(), this.count))
  }

  protected override unlearnAll(): void {
    this.#signs = NO_SIGNS
  }

  matrix(): Int32Array {
    const n = this.neurons
    const stride = rowWords(n)
    const out = allocate('weights', n * n * 4, () => new Int32Array(n * n))
    for (let i = 0; i < n && this.count > 0; i++) {
      for (let j = 0; j < n; j++) if (i !== j) out[i * n + j] = spin(this.#signs, j, i * stride)
    }
    return out
  }

  protected override get alike(): boolean {
    return true
  }

  protected prepare(): Memory {
    const { neurons, count } = this
    const plain = { neurons, count, rows: this.rows(0, count) }
    // Nothing has no sign: no patterns vote for nothing.
    if (count === 0) return { form: 'implicit', ...plain, columns: new Uint32Array(0) }
    return { form: 'bits', ...plain, weights: this.#signs }
  }

  *#made(rows: Uint32Array, count: number): Steps<Uint32Array> {
    return count === 0 ? NO_SIGNS : yield* this.#learner.learn(rows, count)
  }
}

/** Refuses weights J_ij ≠ J_ji, with which energies would not fall and recalls might never end. */
function* checkSymmetric(kernels: Kernels, signs: Uint32Array, neurons: number): Steps<void> {
  const stride = rowWords(neurons)
  const columns = new Uint32Array(neurons * columnWords(STRIP))
  for (let first = 0; first < neurons; first += STRIP) {
    const count = Math.min(STRIP, neurons - first)
    const [height, words] = [columnWords(count), Math.ceil(count / 32)]
    kernels.transpose(signs.subarray(first * stride, (first + count) * stride), count, neurons, columns)
    for (let j = 0; j < first + count; j++) {
      for (let k = 0; k < words; k++) {
        if (signs[j * stride + first / 32 + k] === columns[j * height + k]) continue
        throw misfit('weights', `expected symmetric weights; row ${j} differs from column ${j}`)
      }
    }
    yield
  }
}
