import { allocate } from '../errors.js'
import type { Float64s, Int32s } from '../input/typed-arrays.js'

/**
 * Measured points, one entry each, of networks that are independent of each other. Networks are what is counted: the neurons, patterns and
 * cues of one network depend on each other, and are averaged before anything else.
 */
export interface Points {
  /** Mean over the networks. */
  mean: Float64s
  /** Standard error of that mean, √(Σ(v − mean)²/(K(K − 1))) of K networks; NaN of a single one, which tells nothing of its scatter. */
  standardError: Float64s
  /** K, the networks that were measured. */
  count: Int32s
}

/** Measured points in one row. */
export interface Curve extends Points {
  /** Where they were measured. */
  x: Float64s
  /** What theory expects there; present if there is a theory of what was measured. */
  theory?: Float64s
}

/** Measured points in a plane, row-major: entry j·x.length + i belongs to x[i] and y[j]. */
export interface Grid extends Points {
  x: Float64s
  y: Float64s
  theory?: Float64s
}

/** A line of a theory: y over x, of equal lengths. */
export interface Line {
  x: Float64s
  y: Float64s
}

/** What networks gave: `settings` × `networks` rows of `width` numbers, each written once, in any order. */
export class Table {
  readonly settings: number
  readonly networks: number
  readonly width: number
  readonly #values: Float64Array

  constructor(method: string, settings: number, networks: number, width: number) {
    this.settings = settings
    this.networks = networks
    this.width = width
    const size = settings * networks * width
    this.#values = allocate(method, size * 8, () => new Float64Array(size))
  }

  put(setting: number, network: number, row: ArrayLike<number>): void {
    this.#values.set(row, (setting * this.networks + network) * this.width)
  }

  /** Points of these entries of the table: numbers of settings, and of columns within them. */
  points(cells: readonly (readonly [setting: number, column: number])[]): Points {
    const mean = new Float64Array(cells.length)
    const standardError = new Float64Array(cells.length)
    const count = new Int32Array(cells.length).fill(this.networks)
    for (const [at, [setting, column]] of cells.entries()) {
      const value = (t: number): number => this.#values[(setting * this.networks + t) * this.width + column]
      // In the order of networks, whichever ended first: the sums are the same bits.
      let sum = 0
      for (let t = 0; t < this.networks; t++) sum += value(t)
      mean[at] = sum / this.networks
      let squares = 0
      for (let t = 0; t < this.networks; t++) squares += (value(t) - mean[at]) ** 2
      standardError[at] = Math.sqrt(squares / this.networks / (this.networks - 1))
    }
    return { mean, standardError, count }
  }

  /** One column over all settings. */
  overSettings(column: number): Points {
    return this.points(Array.from({ length: this.settings }, (_, k) => [k, column] as const))
  }

  /** Columns from…to of one setting. */
  within(setting: number, from: number, to: number): Points {
    return this.points(Array.from({ length: to - from }, (_, k) => [setting, from + k] as const))
  }
}
