// Learns a few letters, keeps them in a file, and opens it as another program would: without knowing what is in it.
//   node keep.mjs [FILE]
// It prints what kind of memory the file has, a damaged T and the letter it is, and what the file has in the end. FILE is a new one in the
// folder for temporary files, unless you name one.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { addNoise, bipolar, formatGlyph, HopfieldNetwork, load } from 'hopfield-native'

const path = process.argv[2] ?? join(mkdtempSync(join(tmpdir(), 'hopfield-')), 'letters.safetensors')

const letters = {
  X: bipolar('#...# .#.#. ..#.. .#.#. #...#'),
  T: bipolar('##### ..#.. ..#.. ..#.. ..#..'),
  O: bipolar('.###. #...# #...# #...# .###.'),
}
const net = new HopfieldNetwork({ neurons: 25, learning: 'pseudoinverse' })
net.store(Object.values(letters), { ids: Object.keys(letters) })
await net.save(path)

// Opened without being read: what a recall needs comes from the disk when it is needed.
const memory = await load(path, { mmap: true })
console.log(`the file has a ${memory.constructor.name}`)
if (!(memory instanceof HopfieldNetwork)) throw new Error('which is no memory of letters')
const cue = addNoise(letters.T, { count: 4, seed: 5 })
const { state } = memory.recall(cue)
console.log(`${formatGlyph(cue)}\n\nis the letter ${memory.classify(state).id}:\n\n${formatGlyph(state)}`)

// It goes on where the other one was: a letter goes, another comes, and the file is replaced as a whole.
memory.forget({ id: 'O' }).store(bipolar('#.... #.... #.... #.... #####'), { ids: ['L'] })
await memory.save(path)
console.log(`\n${basename(path)} has ${(await HopfieldNetwork.load(path)).ids?.join(', ')}`)
