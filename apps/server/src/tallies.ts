import { Counter, type CounterConfiguration, Histogram, type HistogramConfiguration } from 'prom-client'

// prom-client looks the labels up at each count. Here they are looked up once, and a request adds to numbers of arrays.

type Labels<Label extends string> = Readonly<Record<Label, string>>

/** One of a kind for each set of labels. */
class ByLabels<Label extends string, One> {
  readonly #known = new Map<string, { readonly labels: Labels<Label>; readonly one: One }>()
  readonly #make: () => One

  constructor(make: () => One) {
    this.#make = make
  }

  of(labels: Labels<Label>): One {
    const key = JSON.stringify(labels)
    let known = this.#known.get(key)
    if (known === undefined) {
      known = { labels, one: this.#make() }
      this.#known.set(key, known)
    }
    return known.one
  }

  all(): Iterable<{ readonly labels: Labels<Label>; readonly one: One }> {
    return this.#known.values()
  }
}

/** A count with its labels. */
export class Tally {
  #count = 0

  add(more = 1): void {
    this.#count += more
  }

  /** What was added since it was last taken. */
  take(): number {
    const count = this.#count
    this.#count = 0
    return count
  }
}

/** Counts of one name, by labels. */
export class Tallies<Label extends string> {
  readonly #known = new ByLabels<Label, Tally>(() => new Tally())

  constructor(config: CounterConfiguration<Label>) {
    const known = this.#known
    new Counter<Label>({
      ...config,
      collect() {
        for (const { labels, one } of known.all()) this.inc({ ...labels }, one.take())
      },
    })
  }

  /** The count with these labels, the same one each time. */
  of(labels: Labels<Label>): Tally {
    return this.#known.of(labels)
  }
}

/** How values are spread, with the labels they have. */
export class Spread {
  readonly #bounds: readonly number[]
  /** Values up to each bound and above the one before it, and those beyond the last. */
  readonly #counts: Float64Array
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  /** @param value a finite number. */
  note(value: number): void {
    const bounds = this.#bounds
    let k = 0
    while (k < bounds.length && value > bounds[k]) k++
    this.#counts[k]++
    this.#sum += value
  }

  get sum(): number {
    return this.#sum
  }

  /** Values up to each bound, and all of them at the end. */
  cumulative(): number[] {
    let count = 0
    return Array.from(this.#counts, (own) => {
      count += own
      return count
    })
  }
}

/** Spreads of one name, by labels. The registry reads it as it reads a histogram of prom-client. */
export class Spreads<Label extends string> {
  readonly name: string
  readonly #bounds: readonly number[]
  readonly #known: ByLabels<Label, Spread>
  /** Says what a histogram is called; it counts nothing. */
  readonly #empty: Histogram<Label>

  constructor(config: HistogramConfiguration<Label> & { readonly buckets: number[] }) {
    const { name, buckets, registers = [] } = config
    this.name = name
    this.#bounds = buckets
    this.#known = new ByLabels(() => new Spread(buckets))
    this.#empty = new Histogram({ ...config, registers: [] })
    for (const register of registers) register.registerMetric(this as unknown as Histogram<Label>)
  }

  /** The spread with these labels, the same one each time. */
  of(labels: Labels<Label>): Spread {
    return this.#known.of(labels)
  }

  /** For the registry. */
  async get(): Promise<object> {
    const values: object[] = []
    for (const { labels, one } of this.#known.all()) {
      const counts = one.cumulative()
      for (const [k, value] of counts.entries()) {
        const le = this.#bounds[k] ?? '+Inf'
        values.push({ metricName: `${this.name}_bucket`, labels: { ...labels, le }, value })
      }
      values.push({ metricName: `${this.name}_sum`, labels, value: one.sum })
      values.push({ metricName: `${this.name}_count`, labels, value: counts[counts.length - 1] })
    }
    return { ...(await this.#empty.get()), values }
  }
}
