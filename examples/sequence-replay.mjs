// Sequence replay: a melody is stored as steps that recall each other, and a few wrong notes of one step are enough to go on playing.
//   node sequence-replay.mjs [STEP] [NOISE]      where to come in, 1 to 30; the share of neurons that are wrong, 0 to 0.5
// It prints the melody as it is replayed from a noisy step, each note with the overlap that it is known by, and then how many of the
// steps come back as more melodies are stored in the same neurons.
import { addNoise, capacity, HopfieldNetwork, randomPatterns } from 'hopfield-native'

const NEURONS = 500
/** The theme of Beethoven's ninth symphony, first and second line. */
const MELODY = 'E E F G G F E D C C D E E D D E E F G G F E D C C D E D C C'.split(' ')

/** One neuron pattern a step: the same note at another place is another pattern, or its successor would be two. @param {number} count */
const steps = (count) => randomPatterns({ count, neurons: NEURONS, seed: 9 })

/** @param {number} count of steps */
function learned(count) {
  return new HopfieldNetwork({ neurons: NEURONS, learning: { kind: 'sequence', cyclic: true } }).store(
    steps(count),
  )
}

/** The states from a cue on, one for each sweep of all neurons at once. @param {HopfieldNetwork} net @param {Int8Array} cue @param {number} length */
function replay(net, cue, length) {
  const { trace } = net.recall(cue, { dynamics: 'synchronous', maxSweeps: length, trace: true })
  const { patternCount } = net
  // The trace ends early where a state comes again: from there on the cycle repeats.
  const rows = trace.overlaps.length / patternCount
  return Array.from({ length: Math.min(length, rows - 1) }, (_, k) => {
    const overlaps = trace.overlaps.subarray((k + 1) * patternCount, (k + 2) * patternCount)
    const step = overlaps.indexOf(Math.max(...overlaps))
    return { step, overlap: overlaps[step] }
  })
}

/** @param {string[]} args */
function main([from = '12', noise = '0.3', ...more]) {
  if (more.length > 0)
    throw new Error(`expected a step and a share of noise, got ${more.length + 2} arguments`)
  if (!/^\d+$/.test(from) || +from < 1 || +from > MELODY.length)
    throw new Error(`STEP: expected 1 to ${MELODY.length}, got ${from}`)
  if (noise.trim() === '' || !(+noise >= 0 && +noise <= 0.5))
    throw new Error(`NOISE: expected a share from 0 to 0.5, got ${noise}`)

  const net = learned(MELODY.length)
  const start = +from - 1
  const cue = addNoise(net.pattern(start), { noise: +noise, seed: 1 })
  console.log(
    `${MELODY.length} steps in ${NEURONS} neurons; it hears step ${from} with ${Math.round(100 * +noise)} % of the neurons wrong, and goes on:`,
  )
  const played = replay(net, cue, MELODY.length)
  for (let k = 0; k < played.length; k += 10) {
    const line = played.slice(k, k + 10)
    console.log(`  ${line.map(({ step }) => MELODY[step].padEnd(5)).join('')}`.trimEnd())
    console.log(`  ${line.map(({ overlap }) => overlap.toFixed(2).padEnd(5)).join('')}`.trimEnd())
  }
  const right = played.filter(({ step }, k) => step === (start + 1 + k) % MELODY.length).length
  console.log(`${right} of ${played.length} notes are right`)

  console.log(
    `\nmore steps, of 40 that are replayed from a clean one; theory says that ${capacity('sequence').retrieval?.toFixed(3)} per neuron is the most:`,
  )
  for (const count of [50, 100, 120, 140, 160, 200]) {
    const many = learned(count)
    const heard = replay(many, many.pattern(0), 40)
    const found = heard.filter(({ step, overlap }, k) => step === (1 + k) % count && overlap > 0.8).length
    console.log(
      `  ${String(count).padStart(3)} steps, ${(count / NEURONS).toFixed(2)} per neuron: ${found} come back, the last with overlap ${heard.at(-1)?.overlap.toFixed(2)}`,
    )
  }
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
