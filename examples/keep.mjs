// Learns a few letters, keeps them in a file, and opens it as another program would: without knowing what is in it.
//   node examples/keep.mjs [file]
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
console.log(memory)
const cue = addNoise(letters.T, { count: 4, seed: 5 })
const { state } = memory.recall(cue)
console.log(`${formatGlyph(cue)}\n\nis the letter ${memory.classify(state).id}:\n\n${formatGlyph(state)}`)

// It goes on where the other one was: a letter goes, another comes, and the file is replaced as a whole.
memory.forget({ id: 'O' }).store(bipolar('#.... #.... #.... #.... #####'), { ids: ['L'] })
await memory.save(path)
console.log(`\n${path} has ${(await load(path)).ids.join(', ')}`)
