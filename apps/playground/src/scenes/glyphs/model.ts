import { addNoise, DenseAssociativeMemory, HopfieldNetwork } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { drawnSign, SIGNS } from '../pictures/strokes.js'
import { type Model, model } from '../scene.js'
import { type GlyphMemory, MEMORIES, type P, SIDE } from './parameters.js'

const NEURONS = SIDE * SIDE

export interface Frame {
  readonly stored: Int8Array
  /** Which of them is looked for. */
  readonly wanted: number
  readonly cue: Int8Array
  /** The state of each memory now: 4 × 256 values ±1. */
  readonly states: Int8Array
  /** Share of pixels as in the sign that is looked for. */
  readonly agreement: Float64Array
  /** The stored sign that each state is; −1 where it is none of them. */
  readonly found: Int32Array
  /** Of all P signs, how many each memory restores from a cue of this noise. */
  readonly restored: Uint32Array
}

/** Pixels a memory turns over between two frames. */
const STRIDE = 2

/** Four memories fall from the same cue, one pixel at a time. */
export class GlyphsModel implements Model<P, never, Frame> {
  readonly #stored: Int8Array
  readonly #wanted: number
  readonly #cue: Int8Array
  readonly #states: Int8Array
  /** The pixels that each memory turns over, in order, and how many it has turned over by now. */
  readonly #courses: Uint32Array[]
  readonly #flips = new Uint32Array(MEMORIES.length)
  readonly #restored: Uint32Array

  constructor({ count, glyph, noise, seed }: Values<P>) {
    const stored = new Int8Array(count * NEURONS)
    for (let mu = 0; mu < count; mu++) stored.set(drawnSign(SIGNS[mu], SIDE), mu * NEURONS)
    const cues = new Int8Array(count * NEURONS)
    for (let mu = 0; mu < count; mu++)
      cues.set(addNoise(rowOf(stored, mu), { noise, seed, stream: mu }), mu * NEURONS)
    const wanted = Math.min(glyph, count) - 1
    this.#stored = stored
    this.#wanted = wanted
    this.#cue = rowOf(cues, wanted)
    this.#states = new Int8Array(MEMORIES.length * NEURONS)
    this.#restored = new Uint32Array(MEMORIES.length)
    this.#courses = MEMORIES.map((name, k) => {
      const memory = memoryOf(name, Math.round(noise * NEURONS)).store(stored)
      this.#states.set(this.#cue, k * NEURONS)
      const { states } = memory.recallBatch(cues, { seed })
      for (let mu = 0; mu < count; mu++)
        if (distance(rowOf(states, mu), rowOf(stored, mu)) === 0) this.#restored[k]++
      return memory.recall(this.#cue, { seed, stream: wanted, trace: true }).trace.flips
    })
  }

  /** Each state two pixels further. */
  advance(): boolean {
    for (const [k, course] of this.#courses.entries()) {
      const to = Math.min(this.#flips[k] + STRIDE, course.length)
      for (; this.#flips[k] < to; this.#flips[k]++) this.#states[k * NEURONS + course[this.#flips[k]]] *= -1
    }
    return this.#courses.some((course, k) => this.#flips[k] < course.length)
  }

  frame(): Frame {
    const [stored, count] = [this.#stored, this.#stored.length / NEURONS]
    return {
      stored: stored.slice(),
      wanted: this.#wanted,
      cue: this.#cue.slice(),
      states: this.#states.slice(),
      agreement: Float64Array.from(MEMORIES, (_, k) => {
        return 1 - distance(rowOf(this.#states, k), rowOf(stored, this.#wanted)) / NEURONS
      }),
      found: Int32Array.from(MEMORIES, (_, k) => {
        for (let mu = 0; mu < count; mu++)
          if (distance(rowOf(this.#states, k), rowOf(stored, mu)) === 0) return mu
        return -1
      }),
      restored: this.#restored.slice(),
    }
  }
}

export default model<P, never, Frame>({ create: (values) => new GlyphsModel(values) })

/** @param wrong pixels that a cue has wrong: the ball of Epanechnikov's memory reaches a little further. */
export function memoryOf(name: GlyphMemory, wrong: number): HopfieldNetwork | DenseAssociativeMemory {
  if (name === 'hebbian' || name === 'pseudoinverse')
    return new HopfieldNetwork({ neurons: NEURONS, learning: name })
  const interaction =
    name === 'dense'
      ? ({ kind: 'exponential', beta: 0.1 } as const)
      : ({ kind: 'epanechnikov', radius: wrong + 2 } as const)
  return new DenseAssociativeMemory({ neurons: NEURONS, interaction })
}

function rowOf(rows: Int8Array, at: number): Int8Array {
  return rows.subarray(at * NEURONS, (at + 1) * NEURONS)
}

function distance(a: Int8Array, b: Int8Array): number {
  let count = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++
  return count
}
