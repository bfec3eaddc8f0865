/** Arrays that readers in other turns or threads may hold: who would change what they see has to copy them first. */
export class Leased<T> {
  readonly values: T
  /** Whether others have it too, by SharedArrayBuffer: then for ever not ours to change, spare room included. */
  readonly shared: boolean
  #leases = 0

  constructor(values: T, shared = false) {
    this.values = values
    this.shared = shared
  }

  /** Whether values that a reader may see can be changed in place. */
  get writable(): boolean {
    return !this.shared && this.#leases === 0
  }

  /** Keeps the values as they are until the function that comes back is called. */
  hold(): () => void {
    this.#leases++
    let held = true
    return () => {
      if (held) this.#leases--
      held = false
    }
  }
}
