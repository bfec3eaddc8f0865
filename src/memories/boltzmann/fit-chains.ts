import type { Steps } from '../../async/steps.js'
import type { Float32s } from '../../input/typed-arrays.js'
import { CHAINS } from '../../kernels/contract/kernels.js'
import { exp } from '../../numerics/exp.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import type { Fitting } from './fit-options.js'
import type { Machine } from './machine.js'

/** What a batch is compared with. */
export interface Chains {
  readonly kind: number
  /** Sweeps that the kernel draws in a batch. */
  readonly sweeps: number
  /** Whether there is a batch at a time. */
  readonly lone: boolean
  /** What the kernel takes as chains for the next rows. */
  next(rows: number, sweep: number): Steps<Float32Array | undefined>
}

export class Plain implements Chains {
  readonly kind: number
  readonly sweeps: number
  readonly lone = false
  readonly #kept: Float32Array | undefined

  constructor(machine: Machine, batch: number, { method, steps }: Fitting) {
    const kept = method === 'persistent'
    this.kind = kept ? CHAINS.kept : CHAINS.data
    this.sweeps = kept ? 2 * steps : 2 * steps + 1
    this.#kept = kept ? machine.singles(batch, machine.stride) : undefined
  }

  // biome-ignore lint/correctness/useYield: nothing is computed.
  *next(): Steps<Float32Array | undefined> {
    return this.#kept
  }
}

/** Each chain is a ladder of temperatures, whose neighbours may exchange states; the lowest one is compared. */
export class Tempered implements Chains {
  readonly kind = CHAINS.given
  readonly sweeps: number
  readonly lone = true
  readonly #machine: Machine
  readonly #steps: number
  readonly #seed: readonly [number, number]
  readonly #rungs: number
  readonly #betas: Float64Array
  readonly #visible: Float32s
  readonly #hidden: Float32s
  #turn = 0

  constructor(machine: Machine, batch: number, { steps, seed, temperatures }: Fitting) {
    this.#machine = machine
    this.#steps = steps
    this.#seed = seed
    this.#rungs = temperatures
    this.sweeps = 2 * steps
    this.#betas = Float64Array.from(
      { length: batch * temperatures },
      (_, k) => 1 - (k % temperatures) / (temperatures - 1),
    )
    this.#visible = machine.singles(batch * temperatures, machine.visible)
    this.#hidden = machine.singles(batch * temperatures, machine.stride)
  }

  *next(rows: number, sweep: number): Steps<Float32Array> {
    const { visible: width } = this.#machine
    yield* this.#machine.gibbs({
      seed: this.#seed,
      firstSweep: sweep,
      steps: this.#steps,
      stream: 0,
      betas: this.#betas,
      visible: this.#visible,
      hidden: this.#hidden,
      clamp: undefined,
      means: undefined,
    })
    yield* this.#exchange()
    const out = new Float32Array(rows * width)
    for (let b = 0; b < rows; b++) {
      const at = b * this.#rungs * width
      out.set(this.#visible.subarray(at, at + width), b * width)
    }
    return out
  }

  /** Neighbours k and k + 1 for every second k exchange rows with probability min(1, e^(F_k(v) + F_k+1(v') − F_k(v') − F_k+1(v))). */
  *#exchange(): Steps<void> {
    const rungs = this.#rungs
    const turn = this.#turn++
    const [rows, width] = [this.#betas.length, this.#machine.visible]
    const partner = (k: number): number => {
      const rung = k % rungs
      const other = (rung + turn) % 2 === 0 ? rung + 1 : rung - 1
      return other < 0 || other >= rungs ? k : k - rung + other
    }
    const own = yield* this.#machine.freeEnergies(this.#visible, rows, this.#betas)
    const theirs = this.#betas.map((_, k) => this.#betas[partner(k)])
    const swapped = yield* this.#machine.freeEnergies(this.#visible, rows, theirs)
    const draw = new WordStream(...this.#seed).seek(PURPOSE.swaps, turn)
    for (let k = 0; k < rows; k++) {
      const other = partner(k)
      if (other <= k) continue
      const gain = own[k] + own[other] - swapped[k] - swapped[other]
      if (draw.uniform() >= exp(Math.min(gain, 0))) continue
      const [one, two] = [
        this.#visible.slice(k * width, (k + 1) * width),
        this.#visible.slice(other * width, (other + 1) * width),
      ]
      this.#visible.set(two, k * width)
      this.#visible.set(one, other * width)
    }
  }
}
