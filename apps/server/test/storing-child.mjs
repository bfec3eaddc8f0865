// Stores patterns with the ids FROM, FROM + 1, … and prints each id once it is acknowledged, until somebody kills it.
import { writeSync } from 'node:fs'
import { randomPatterns } from 'hopfield-native'
import { Keeper } from '../dist/durable/keeper.js'

const [, , path, from] = process.argv
const keeper = await Keeper.open(path, {
  writable: true,
  compactAfter: 4000, // so that kills meet snapshots too
  maxQueue: 1000,
  onSync() {},
  onFailure(error) {
    throw error
  },
})
const neurons = keeper.memory.questions.recall.cue.width
for (let id = Number(from); ; id += 3) {
  const some = [id, id + 1, id + 2].map(async (id) => {
    const rows = randomPatterns({ count: 1, neurons, seed: id, packed: true }).toBytes()
    await keeper.change({ kind: 'store', rows, ids: [id] }, `key ${id}`)
    writeSync(1, `${id}\n`)
  })
  await Promise.all(some)
}
