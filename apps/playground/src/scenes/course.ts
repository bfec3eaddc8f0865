/** Energy and overlaps from the start on. Where there are too many points for a plot, every second one goes. */
export class Course {
  static readonly most = 400
  #sweeps: number[] = []
  #energies: number[] = []
  #overlaps: number[][] = []
  /** Which of the points that come is kept: each `every`-th. */
  #every = 1
  #count = 0

  add(sweep: number, energy: number, overlaps: ArrayLike<number>): void {
    // A point between two that are kept gives its place to the next one, so that the last one is always there.
    if (this.#count > 0 && (this.#count - 1) % this.#every !== 0) {
      this.#sweeps.pop()
      this.#energies.pop()
      this.#overlaps.pop()
    }
    this.#count++
    this.#sweeps.push(sweep)
    this.#energies.push(energy)
    this.#overlaps.push(Array.from(overlaps))
    if (this.#sweeps.length <= Course.most) return
    const even = <T>(_: T, k: number) => k % 2 === 0
    this.#sweeps = this.#sweeps.filter(even)
    this.#energies = this.#energies.filter(even)
    this.#overlaps = this.#overlaps.filter(even)
    this.#every *= 2
  }

  /** Rows over the points: sweeps, energies, and the overlaps of each pattern. */
  copy(): { sweeps: Float64Array; energies: Float64Array; overlaps: Float64Array[] } {
    const patterns = this.#overlaps[0]?.length ?? 0
    return {
      sweeps: Float64Array.from(this.#sweeps),
      energies: Float64Array.from(this.#energies),
      overlaps: Array.from({ length: patterns }, (_, p) =>
        Float64Array.from(this.#overlaps, (row) => row[p]),
      ),
    }
  }
}
