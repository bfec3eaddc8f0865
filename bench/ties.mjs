// How many recalls end elsewhere where weights are rounded? Three letters in 25 neurons, fields that are often zero: docs/coming-from-numpy.md.
import { addNoise, bipolar, HopfieldNetwork } from 'hopfield-native'
import { inFolder } from './inputs.mjs'
import { table } from './measure.mjs'
import { numpy, peersNote } from './peers.mjs'

const NEURONS = 25
const CUES = 100
const LETTERS = [
  '#...#\n.#.#.\n..#..\n.#.#.\n#...#',
  '#####\n..#..\n..#..\n..#..\n..#..',
  '.###.\n#...#\n#...#\n#...#\n.###.',
]

export async function run(report) {
  const letters = LETTERS.map((letter) => bipolar(letter))
  const patterns = Int8Array.from(letters.flatMap((letter) => [...letter]))
  const exact = new HopfieldNetwork({ neurons: NEURONS }).store(patterns)
  const rounded = new HopfieldNetwork({
    neurons: NEURONS,
    weights: exact.weights({ normalize: true }).slice(),
  })
  const rows = []
  for (const wrong of [5, 8, 10]) {
    const cues = new Int8Array(CUES * NEURONS)
    let ours = 0
    for (let seed = 0; seed < CUES; seed++) {
      const cue = addNoise(letters[seed % 3], { count: wrong, seed })
      cues.set(cue, seed * NEURONS)
      const [one, other] = [exact, rounded].map((net) => net.recall(cue, { seed }).state)
      if (one.some((value, i) => value !== other[i])) ours++
    }
    const { rows: theirs } = await inFolder(NEURONS, { patterns, cues }, (folder) =>
      numpy('ties.py', folder, []),
    )
    const elsewhere = theirs[0]?.elsewhere
    report.json({ question: 'ties', neurons: NEURONS, wrong, cues: CUES, numpy: elsewhere, ours })
    rows.push([`${wrong} of ${NEURONS} wrong`, elsewhere ?? 'no NumPy', ours])
  }
  report.text(`## Of ${CUES} recalls so many end elsewhere with X.T @ X / N than with X.T @ X\n`)
  report.text(table(['cues', 'NumPy', 'weights of its own here'], rows))
  report.text(`\n${peersNote('numpy')}\n`)
}
