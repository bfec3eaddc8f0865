// Sensor fusion with missing values: what is measured is clamped, and the memory fills in what is not.
//   node sensor-fusion.mjs [READING...]      eight readings from 0 to 100, `-` where a sensor is silent
// A machine has ten states, each with its own readings of eight sensors. The program hides more and more sensors of noisy measurements
// and prints how often the state is told and how far the filled-in readings are off. With readings of yours it fills in those.
import { DenseAssociativeMemory, mask, randomPatterns } from 'hopfield-native'

const SENSORS = ['temperature', 'pressure', 'vibration', 'current', 'speed', 'noise', 'humidity', 'flow']
/** @type {Record<string, number[]>} */
const STATES = {
  off: [20, 10, 0, 0, 0, 5, 45, 0],
  'warming up': [45, 25, 15, 70, 20, 30, 40, 10],
  idle: [55, 35, 20, 25, 30, 30, 38, 15],
  'half load': [65, 55, 35, 50, 60, 50, 35, 50],
  'full load': [80, 75, 50, 80, 90, 70, 30, 85],
  'blocked filter': [75, 95, 45, 85, 70, 65, 32, 25],
  'worn bearing': [85, 60, 90, 65, 65, 90, 33, 60],
  leak: [60, 15, 40, 55, 60, 60, 85, 75],
  overheating: [98, 65, 55, 90, 75, 75, 15, 40],
  'slipping belt': [70, 40, 70, 35, 95, 80, 36, 30],
}
/** A reading is a thermometer of so many neurons: the lower ones are +1 up to its height. */
const MARKS = 50
const NEURONS = MARKS * SENSORS.length

/** @param {number} reading */
const thermometer = (reading) =>
  Array.from({ length: MARKS }, (_, mark) => (((mark + 0.5) * 100) / MARKS < reading ? 1 : -1))

/** Readings, NaN where there is none, as a cue and as flags of the neurons that are known. @param {number[]} readings */
function cueOf(readings) {
  const clamp = readings.flatMap((reading) => Array(MARKS).fill(!Number.isNaN(reading)))
  // Coins in place of what is not known: they speak for no state, where any reading would speak for those that are like it.
  return { cue: mask(readings.flatMap(thermometer), { keep: clamp, fill: 'random' }), clamp }
}

/** @param {Int8Array} state */
function readingsOf(state) {
  const height = (/** @type {number} */ sensor) =>
    state.subarray(sensor * MARKS, (sensor + 1) * MARKS).filter((s) => s > 0).length
  return SENSORS.map((_, sensor) => (height(sensor) * 100) / MARKS)
}

/** @param {DenseAssociativeMemory} memory @param {number[]} readings */
function fuse(memory, readings) {
  const { cue, clamp } = cueOf(readings)
  // Only the unknown neurons move; the known ones keep their reading, noise and all, and pull the others along.
  const filled = readingsOf(memory.recall(cue, { clamp }).state)
  // Which state that is, the known sensors and the filled ones say together.
  const { ids = [] } = memory.nearest(filled.flatMap(thermometer))
  return { filled, state: String(ids[0]) }
}

/** @param {DenseAssociativeMemory} memory */
function experiment(memory) {
  // Packed random patterns are words of random bits: numbers that are the same at every start.
  const { words } = randomPatterns({ count: 1, neurons: 2 ** 20, seed: 7, packed: true })
  let used = 0
  const random = () => words[used++] / 2 ** 32
  console.log('ten states, eight sensors, readings off by up to 5; 200 measurements a line')
  console.log('silent   state told   filled-in readings off by')
  for (let silent = 0; silent < SENSORS.length; silent++) {
    let [told, off] = [0, 0]
    for (let k = 0; k < 200; k++) {
      const [name, truth] = Object.entries(STATES)[k % 10]
      const shuffled = SENSORS.map((_, sensor) => ({ sensor, at: random() })).sort((a, b) => a.at - b.at)
      const hidden = shuffled.slice(0, silent)
      const readings = truth.map((reading) => Math.min(100, Math.max(0, reading + 10 * random() - 5)))
      for (const { sensor } of hidden) readings[sensor] = Number.NaN
      const { filled, state } = fuse(memory, readings)
      if (state === name) told++
      for (const { sensor } of hidden) off += Math.abs(filled[sensor] - truth[sensor])
    }
    const share = `${(told / 2).toFixed(1).padStart(5)} %`
    console.log(`${silent} of 8     ${share}      ${silent === 0 ? '-' : (off / 200 / silent).toFixed(1)}`)
  }
}

/** @param {string[]} args */
function readingsFrom(args) {
  if (args.length !== SENSORS.length)
    throw new Error(`expected ${SENSORS.length} readings (${SENSORS.join(', ')}), got ${args.length}`)
  if (args.every((text) => text === '-')) throw new Error('one sensor at least must have a reading')
  return args.map((text, sensor) => {
    if (text === '-') return Number.NaN
    const reading = Number(text)
    if (text.trim() !== '' && reading >= 0 && reading <= 100) return reading
    throw new Error(`${SENSORS[sensor]}: expected 0 to 100, or - where there is no reading, got ${text}`)
  })
}

/** @param {string[]} args */
function main(args) {
  const interaction = /** @type {const} */ ({ kind: 'exponential', beta: 0.2 })
  const memory = new DenseAssociativeMemory({ neurons: NEURONS, interaction })
  const patterns = Object.values(STATES).map((readings) => readings.flatMap(thermometer))
  memory.store(patterns, { ids: Object.keys(STATES) })
  if (args.length === 0) return experiment(memory)
  const readings = readingsFrom(args)
  const { filled, state } = fuse(memory, readings)
  for (const [k, name] of SENSORS.entries())
    console.log(`${name.padEnd(12)} ${Number.isNaN(readings[k]) ? `${filled[k]} (filled in)` : readings[k]}`)
  console.log(`the machine: ${state}`)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
