import { atOnce } from '../platform/turn.js'
import type { Lists } from './csr-transpose.js'

/** Lists, and units, joined in one step. */
const LISTS = 2 ** 10
const UNITS = 2 ** 16

const NONE: Lists = { starts: new Uint32Array(1), items: new Uint32Array(0) }

/** Codes as ascending lists of units: those of a record side by side as they came, and behind them those that were stored since. */
export class CodeLists {
  /** Never written to. */
  readonly #first: Lists
  readonly #more: Uint32Array[]

  constructor(first: Lists = NONE, more: Uint32Array[] = []) {
    this.#first = first
    this.#more = more
  }

  get #opened(): number {
    return this.#first.starts.length - 1
  }

  get length(): number {
    return this.#opened + this.#more.length
  }

  at(index: number): Uint32Array {
    const { starts, items } = this.#first
    if (index >= this.#opened) return this.#more[index - this.#opened]
    return items.subarray(starts[index], starts[index + 1])
  }

  push(lists: readonly Uint32Array[]): void {
    for (const list of lists) this.#more.push(list)
  }

  /** The same codes with others behind them; these stay as they are. */
  with(lists: readonly Uint32Array[]): CodeLists {
    return new CodeLists(this.#first, this.#more.concat(lists))
  }

  replaced(index: number, list: Uint32Array): CodeLists {
    const all = this.#all()
    all[index] = list
    return new CodeLists(NONE, all)
  }

  without(index: number): CodeLists {
    const all = this.#all()
    all.splice(index, 1)
    return new CodeLists(NONE, all)
  }

  /** All codes of now in one array, in small steps: what is pushed between them is not among them. */
  joining(): Generator<void, Lists> {
    return joining(this.#first, this.#more, this.#more.length)
  }

  #all(): Uint32Array[] {
    return Array.from({ length: this.length }, (_, k) => this.at(k))
  }
}

/** One after the other. */
export function joined(lists: readonly Uint32Array[]): Lists {
  return atOnce(joining(NONE, lists, lists.length))
}

function* joining(first: Lists, more: readonly Uint32Array[], count: number): Generator<void, Lists> {
  if (count === 0) return first
  const before = first.starts.length
  const starts = new Uint32Array(before + count)
  starts.set(first.starts)
  for (let k = 0; k < count; k++) {
    starts[before + k] = starts[before + k - 1] + more[k].length
    if (k % LISTS === LISTS - 1) yield
  }
  const items = new Uint32Array(starts[before + count - 1])
  for (let from = 0; from < first.items.length; from += UNITS) {
    items.set(first.items.subarray(from, from + UNITS), from)
    yield
  }
  for (let k = 0; k < count; k++) {
    items.set(more[k], starts[before + k - 1])
    if (k % LISTS === LISTS - 1) yield
  }
  return { starts, items }
}
