import { atOnce, later } from '../../platform/turn.js'
import { countDone, type Kernels, stopped } from '../contract/kernels.js'
import { clearPadding, rowWords, spin } from '../contract/layout.js'
import { implicitFieldSteps } from './field.js'
import { overlapSteps } from './overlap.js'

/** {@link Kernels.bidirectional} */
export function bidirectional(...work: Parameters<Kernels['bidirectional']>): void {
  atOnce(settling(...work))
}

/** In steps; `each` hears of every pair that is done. */
function* settling(
  ...[pairs, xs, ys, count, fromY, maxSteps, outcomes, each]: [
    ...Parameters<Kernels['bidirectional']>,
    each?: () => void,
  ]
): Generator<void, void> {
  const { inputs, outputs } = pairs
  const [left, right] = [new Side(pairs.xs, pairs.count, inputs), new Side(pairs.ys, pairs.count, outputs)]
  const [width, height] = [rowWords(inputs), rowWords(outputs)]
  for (let b = 0; b < count; b++) {
    left.state = xs.subarray(b * width, (b + 1) * width)
    right.state = ys.subarray(b * height, (b + 1) * height)
    clearPadding(left.state, inputs)
    clearPadding(right.state, outputs)
    let [from, to] = fromY[b] === 0 ? [left, right] : [right, left]
    let [steps, quiet] = [0, 0]
    // Two quiet steps in a row: each side is what the other one makes of it.
    while (steps < maxSteps && quiet < 2) {
      yield
      quiet = (yield* to.hear(yield* from.votes())) ? 0 : quiet + 1
      ;[from, to] = [to, from]
      steps++
    }
    const [v, w] = [yield* left.votes(), yield* right.votes()]
    let energy = 0
    for (let mu = 0; mu < pairs.count; mu++) energy -= v[mu] * w[mu]
    outcomes.set([steps, quiet === 2 ? 1 : 0, energy], 3 * b)
    each?.()
  }
}

/** {@link Kernels.bidirectionalAsync} */
export async function bidirectionalAsync(...work: Parameters<Kernels['bidirectionalAsync']>): Promise<void> {
  const [pairs, xs, ys, count, fromY, maxSteps, outcomes, flag] = work
  const steps = settling(pairs, xs, ys, count, fromY, maxSteps, outcomes, () => countDone(flag))
  await later(steps, () => stopped(flag))
}

class Side {
  state: Uint32Array = new Uint32Array(0)
  readonly #rows: Uint32Array
  readonly #count: number
  readonly #units: number
  readonly #votes: Int32Array
  readonly #fields: Float64Array

  constructor(rows: Uint32Array, count: number, units: number) {
    this.#rows = rows
    this.#count = count
    this.#units = units
    this.#votes = new Int32Array(count)
    this.#fields = new Float64Array(units)
  }

  *votes(): Generator<void, Int32Array> {
    yield* overlapSteps(this.#rows, this.#count, this.#units, this.state, 1, this.#votes)
    return this.#votes
  }

  /** Becomes what the votes make of it; whether that is something else. A unit at zero field keeps its value. */
  *hear(votes: Int32Array): Generator<void, boolean> {
    yield* implicitFieldSteps(this.#rows, this.#count, this.#units, votes, this.state, this.#fields)
    let changed = false
    for (let j = 0; j < this.#units; j++) {
      // What a unit would tell itself was taken out; here no unit does.
      const field = this.#fields[j] + this.#count * spin(this.state, j)
      if (field === 0 || Math.sign(field) === spin(this.state, j)) continue
      this.state[j >>> 5] ^= 1 << (j & 31)
      changed = true
    }
    return changed
  }
}
