// The classic figure of the lectures, step by step: three letters of 25 neurons, a damaged X, and the energy as it falls.
//   node lecture.mjs [LETTER] [WRONG] [SEED]      X, T or O; how many of the 25 pixels are wrong; which ones
// It prints each step with its numbers, and after each what they mean.
import { addNoise, bipolar, capacity, formatGlyph, HopfieldNetwork } from 'hopfield-native'

/** @type {Record<string, Int8Array>} */
const LETTERS = {
  X: bipolar('#...# .#.#. ..#.. .#.#. #...#'),
  T: bipolar('##### ..#.. ..#.. ..#.. ..#..'),
  O: bipolar('.###. #...# #...# #...# .###.'),
}
const NAMES = Object.keys(LETTERS)

/** Glyphs side by side. @param {Int8Array[]} states */
function beside(...states) {
  const rows = states.map((state) => formatGlyph(state).split('\n'))
  return rows[0].map((_, line) => rows.map((row) => row[line]).join('    ')).join('\n')
}

/** @param {string} title @param {string} text */
function section(title, text) {
  console.log(`\n## ${title}\n\n${text}`)
}

/** @param {ArrayLike<number>} overlaps */
const named = (overlaps) => NAMES.map((name, mu) => `${name} ${overlaps[mu].toFixed(2)}`).join('   ')

/** @param {string[]} args */
function read([letter = 'X', wrong = '8', seed = '3']) {
  if (!NAMES.includes(letter))
    throw new Error(`the letters are ${NAMES.join(', ')}; ${letter} is none of them`)
  if (!/^\d+$/.test(wrong) || Number(wrong) > 25)
    throw new Error(`of 25 pixels 0 to 25 can be wrong, not ${wrong}`)
  if (!/^\d{1,9}$/.test(seed)) throw new Error(`a seed is a whole number of at most nine digits, not ${seed}`)
  return { letter, wrong: Number(wrong), seed: Number(seed) }
}

/** @param {string[]} args */
function main(args) {
  const { letter, wrong, seed } = read(args)
  const net = new HopfieldNetwork({ neurons: 25 }).store(Object.values(LETTERS), { ids: NAMES })
  console.log('# A memory of 25 neurons')

  section('The patterns', beside(...Object.values(LETTERS)))
  console.log(
    `\nA pixel is a neuron: # is +1, . is −1. Their overlaps, the share of equal pixels minus the share of others:`,
  )
  for (const name of NAMES) console.log(`  ${name} with   ${named(net.overlaps(LETTERS[name]))}`)
  const { retrieval } = capacity('hebbian')
  console.log(
    `${net.patternCount} patterns in 25 neurons: a load of ${net.alpha}. A large network holds ${retrieval?.toFixed(3)}, if they are random.`,
  )

  // Hebb: what fires together wires together. J_ij counts the letters in which two pixels agree, minus those in which they differ.
  const J = net.weights()
  const some = [0, 2, 12, 20]
  const weights = some.map((i) => some.map((j) => String(J[25 * i + j]).padStart(4)).join(''))
  section(
    'The weights',
    `Between neurons ${some.join(', ')}, counted from 0, row by row:\n${weights.join('\n')}`,
  )
  console.log(
    '3: they agree in all three letters. 1: in two. −1: in one. −3: in none. A neuron has no weight to itself.',
  )

  const cue = addNoise(LETTERS[letter], { count: wrong, seed })
  const { state, trace, sweeps, flips, converged, energy } = net.recall(cue, { seed: 1, trace: true })
  section(`The cue: ${letter} with ${wrong} wrong pixels`, formatGlyph(cue))
  console.log(`\nIts overlaps: ${named(net.overlaps(cue))}. Its energy: ${net.energy(cue).toFixed(2)}.`)
  const field = net.localField(cue)
  const unhappy = [...cue].filter((s, i) => s * field[i] < 0).length
  console.log(
    `${unhappy} neurons have a field of the other sign: they will flip, unless another flip comes first.`,
  )

  section('The recall', 'One neuron at a time takes the sign of its field, and each flip lowers the energy:')
  console.log(`        E = ${trace.energies[0].toFixed(2)}`)
  for (const [k, neuron] of trace.flips.entries()) {
    const at = `row ${Math.floor(neuron / 5) + 1}, column ${(neuron % 5) + 1}`
    const bar = '■'.repeat(Math.max(0, Math.round(2 * (trace.energies[k + 1] - energy))))
    console.log(
      `flip ${String(k + 1).padStart(2)} E = ${trace.energies[k + 1].toFixed(2).padEnd(7)} ${at}   ${bar}`.trimEnd(),
    )
  }
  console.log(`\n${beside(cue, state, LETTERS[letter])}\nthe cue  recalled  stored`)
  console.log(
    `\n${flips} flips in ${sweeps} sweeps; the last one changed nothing, so the state is at rest: ${converged}.`,
  )
  const { kind, id, overlap } = net.classify(state)
  console.log(
    `It is ${kind === 'stored' ? `the letter ${id}` : `of kind ${kind}, nearest to ${id}`}, with an overlap of ${overlap}.`,
  )

  const negative = LETTERS[letter].map((s) => -s)
  const mixed = LETTERS.X.map((_, i) => Math.sign(NAMES.reduce((sum, name) => sum + LETTERS[name][i], 0)))
  section('What else is at rest', beside(negative, mixed))
  console.log(
    `\nThe negative of ${letter}: ${net.isFixedPoint(negative)}. Energy counts agreement of pairs, and it agrees in all of them.`,
  )
  console.log(
    `The majority of all three: ${net.isFixedPoint(mixed)}, a mixture. Its energy is ${net.energy(mixed).toFixed(2)}, ${letter} has ${net.energy(LETTERS[letter]).toFixed(2)}.`,
  )
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
