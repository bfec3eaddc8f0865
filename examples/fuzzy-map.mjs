// A key-value store whose keys need not be exact: a key is a row of numbers, and a measurement of it that is a little off finds its value.
//   node fuzzy-map.mjs [SIGNAL...]      six signal strengths in dBm, −100 to 0
// Here keys are the signal strengths of six radio beacons, as a telephone measures them, and values are places in a hall of 30 by 20
// metres. The program learns 24 places, asks 200 noisy measurements all over the hall, and prints how far off the answers are: of the
// nearest key alone, and of the mean of the keys within reach. With a measurement of yours it prints the place.
import { ModernHopfield, randomPatterns } from 'hopfield-native'

/** Where the beacons are, in metres. */
const [X, Y] = [
  [0, 30, 30, 0, 15, 7],
  [0, 0, 20, 20, 10, 16],
]

/** Rows of numbers as keys, rows of numbers as values. */
class FuzzyMap {
  #memory

  /** @param {{ keyLength: number, valueLength: number, reach: number }} options reach: how far a key may be from one that is stored */
  constructor({ keyLength, valueLength, reach }) {
    // Inside the radius all keys count the same, outside not at all: a key that is like nothing stored gets no answer.
    const separation = /** @type {const} */ ({ kind: 'epanechnikov', radius: reach })
    this.#memory = new ModernHopfield({ dimension: keyLength, valueDimension: valueLength, separation })
  }

  /** @param {string} name @param {number[]} key @param {number[]} value */
  set(name, key, value) {
    if (this.#memory.indexOf(name) >= 0) this.#memory.replace({ id: name }, key, value)
    else this.#memory.store([key], [value], { ids: [name] })
  }

  /** @param {string} name */
  delete(name) {
    this.#memory.forget({ id: name })
  }

  /** The mean of the values within reach, or undefined. @param {number[]} key */
  get(key) {
    const { active, state } = this.#memory.recall(key)
    return active === 0 ? undefined : [...state]
  }

  /** The nearest key's name and value, however far away it is. @param {number[]} key */
  nearest(key) {
    const { ids, values } = this.#memory.top(key, 1, { values: true })
    return { name: ids?.[0], value: [.../** @type {Float32Array} */ (values)] }
  }
}

/** Signal strengths at a place: 6 dB less for each doubling of the distance. @param {number[]} place */
const signalsAt = ([x, y]) =>
  X.map((_, k) => -40 - 20 * Math.log10(Math.max(1, Math.hypot(x - X[k], y - Y[k]))))

/** @param {number[] | undefined} a @param {number[]} b */
const metres = (a, b) => (a === undefined ? Number.NaN : Math.hypot(a[0] - b[0], a[1] - b[1]))

/** @param {number[]} numbers */
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length

/** Random numbers, the same at every start: packed random patterns are words of random bits. */
function randomNumbers() {
  const { words } = randomPatterns({ count: 1, neurons: 2 ** 19, seed: 42, packed: true })
  let used = 0
  const uniform = () => (words[used++] + 0.5) / 2 ** 32
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) }
}

function learned() {
  const map = new FuzzyMap({ keyLength: X.length, valueLength: 2, reach: 7 })
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 6; column++) {
      const place = [2.5 + 5 * column, 2.5 + 5 * row]
      map.set(`${'ABCD'[row]}${column + 1}`, signalsAt(place), place)
    }
  return map
}

/** @param {string[]} args */
function main(args) {
  const map = learned()
  if (args.length > 0) {
    const signals = args.map(Number)
    if (signals.length !== X.length || !signals.every((signal) => signal >= -100 && signal <= 0))
      throw new Error(`expected ${X.length} signal strengths from -100 to 0 dBm, got ${args.join(' ')}`)
    const place = map.get(signals)?.map((x) => x.toFixed(1))
    return console.log(
      place ? `at ${place.join(', ')} m, next to ${map.nearest(signals).name}` : 'nowhere near',
    )
  }
  const { uniform, normal } = randomNumbers()
  console.log('noise    answered     off by: the nearest key   the mean of those in reach')
  for (const error of [0.5, 2, 4]) {
    const asked = Array.from({ length: 200 }, () => {
      const place = [30 * uniform(), 20 * uniform()]
      const signals = signalsAt(place).map((signal) => signal + error * normal())
      return { nearest: metres(map.nearest(signals).value, place), mean: metres(map.get(signals), place) }
    })
    const answered = asked.filter((one) => !Number.isNaN(one.mean))
    const [nearest, within] = [answered.map((one) => one.nearest), answered.map((one) => one.mean)]
    const count = `±${String(error).padEnd(3)} dB  ${String(answered.length).padStart(3)} of 200`
    console.log(
      `${count}   ${mean(nearest).toFixed(1).padStart(16)} m   ${mean(within).toFixed(1).padStart(22)} m`,
    )
  }
  console.log(`far outside: ${map.get(signalsAt([300, 200])) ?? 'no answer'}`)
  map.delete('A1')
  map.set('B2', signalsAt([7.5, 7.5]), [7, 7])
  const [corner, middle] = [map.nearest(signalsAt([2.5, 2.5])), map.nearest(signalsAt([7.5, 7.5]))]
  console.log(
    `A1 is deleted: ${corner.name} is nearest to its place. ${middle.name} is set anew: ${middle.value}`,
  )
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
