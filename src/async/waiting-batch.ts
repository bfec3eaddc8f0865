import { allocate } from '../errors.js'
import { rowWords } from '../kernels/contract/layout.js'
import type { BatchResult, RecallResult } from '../memories/bipolar/recall-results.js'
import { CLEAN, PackedPatterns } from '../patterns/packed-patterns.js'

/** The two ends of a promise. */
export interface Settling {
  resolve(result: RecallResult<Int8Array | PackedPatterns>): void
  reject(reason: unknown): void
}

/** One caller's cue, from the call to the end. Listens to the caller's signal itself: a closure a cue would cost more. */
export class WaitingCue {
  readonly settling: Settling
  readonly stream: number
  readonly #signal: AbortSignal | undefined
  readonly #batch: WaitingBatch
  readonly #left: (batch: WaitingBatch, waiting: boolean) => void
  /** Nobody waits for it any more. */
  given = false

  constructor(
    settling: Settling,
    stream: number,
    signal: AbortSignal | undefined,
    batch: WaitingBatch,
    left: (batch: WaitingBatch, waiting: boolean) => void,
  ) {
    this.settling = settling
    this.stream = stream
    this.#signal = signal
    this.#batch = batch
    this.#left = left
    signal?.addEventListener('abort', this)
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.end()
    this.settling.reject(this.#signal?.reason)
    this.#left(this.#batch, this.#batch.giveUp(this))
  }

  end(): void {
    this.given = true
    this.#signal?.removeEventListener('abort', this)
  }
}

/** Cues that will leave together: packed rows, one behind the other, and who asked. */
export class WaitingBatch {
  /** When the first came, in ms. */
  readonly since: number = performance.now()
  /** Whether the first has waited long enough. */
  due = false
  readonly #stride: number
  readonly #most: number
  #words: Uint32Array
  #cues: WaitingCue[] = []
  #timer: { cancel(): void } | undefined
  #left = false

  constructor(stride: number, most: number) {
    this.#stride = stride
    this.#most = most
    this.#words = this.#room(Math.min(most, 16))
  }

  /** Cues in it. */
  get count(): number {
    return this.#cues.length
  }

  /** Room for one more packed cue; it counts once `add` is called. */
  nextRow(): Uint32Array {
    const end = (this.count + 1) * this.#stride
    if (end > this.#words.length) {
      const grown = this.#room(Math.min(this.#most, 4 * this.count))
      grown.set(this.#words)
      this.#words = grown
    }
    return this.#words.subarray(end - this.#stride, end)
  }

  add(cue: WaitingCue): void {
    this.#cues.push(cue)
  }

  arm(timer: { cancel(): void }): void {
    this.#timer = timer
  }

  disarm(): void {
    this.#timer?.cancel()
  }

  /** Its cues, which nobody may join or leave from now on. */
  leave(): { words: Uint32Array; streams: Float64Array } {
    this.disarm()
    this.#left = true
    const streams = new Float64Array(this.count)
    for (let k = 0; k < streams.length; k++) streams[k] = this.#cues[k].stream
    return { words: this.#words.subarray(0, this.count * this.#stride), streams }
  }

  /** Takes a cue out again; the last one moves to its place. Returns whether it was still waiting. */
  giveUp(cue: WaitingCue): boolean {
    if (this.#left) return false
    const k = this.#cues.indexOf(cue)
    const last = this.#cues.length - 1
    this.#words.copyWithin(k * this.#stride, last * this.#stride, (last + 1) * this.#stride)
    this.#cues[k] = this.#cues[last]
    this.#cues.pop()
    return true
  }

  /** Each cue to its caller, one a step; `settled` is told of each. */
  *settle(result: BatchResult, neurons: number, settled: () => void): Generator<void, void> {
    for (const [k, cue] of this.#cues.entries()) {
      if (cue.given) continue
      let own: RecallResult<Int8Array | PackedPatterns> | undefined
      let failure: unknown
      try {
        own = rowOf(result, k, neurons)
      } catch (error) {
        failure = error
      }
      cue.end()
      settled()
      if (own === undefined) cue.settling.reject(failure)
      else cue.settling.resolve(own)
      yield
    }
  }

  /** All that are left. */
  fail(error: unknown, settled: () => void): void {
    for (const cue of this.#cues) {
      if (cue.given) continue
      cue.end()
      settled()
      cue.settling.reject(error)
    }
  }

  #room(cues: number): Uint32Array {
    const size = cues * this.#stride
    return allocate('cues', size * 4, () => new Uint32Array(size))
  }
}

/** The result of one cue; its arrays are its own. */
function rowOf(result: BatchResult, k: number, neurons: number): RecallResult<Int8Array | PackedPatterns> {
  const cycle = result.cycles[k]
  const one: RecallResult<Int8Array | PackedPatterns> = {
    state: stateOf(result.states, k, neurons),
    converged: result.converged[k] === 1,
    sweeps: result.sweeps[k],
    flips: result.flips[k],
    energy: result.energies[k],
    cycle,
  }
  if (cycle === 2 && result.alternates !== undefined) one.alternate = stateOf(result.alternates, k, neurons)
  return one
}

function stateOf(states: Int8Array | PackedPatterns, k: number, neurons: number): Int8Array | PackedPatterns {
  if (states instanceof Int8Array) return states.slice(k * neurons, (k + 1) * neurons)
  const stride = rowWords(neurons)
  const words = states.words.slice(k * stride, (k + 1) * stride)
  return new PackedPatterns(Object.assign({ neurons, words }, { [CLEAN]: true }))
}
