// How long does it take to find the nearest of a million patterns, exactly? Every tier, and FAISS on the same bits.
import { addNoise, backend, HopfieldNetwork, PackedPatterns, randomPatterns } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { inFolder } from './inputs.mjs'
import { best, limitsInTurn } from './limits.mjs'
import { duration, factor, measure, metric, percent, QUICK, table, takeTurns } from './measure.mjs'
import { faiss, peersNote } from './peers.mjs'

const SHAPES = QUICK ? [[256, 100_000]] : [[256, 1_000_000], [1024, 100_000]] // biome-ignore format: a table
const BATCHES = [1, 256]
const NOISE = 0.2

/** State b is pattern b·(P/256) with a share of its neurons flipped. */
function makeStates(patterns, batch) {
  const { neurons, count } = patterns
  const states = new Int8Array(batch * neurons)
  for (let b = 0; b < batch; b++) {
    const original = patterns.pattern(sourceOf(b, count))
    states.set(addNoise(original, { noise: NOISE, seed: 2, stream: b }), b * neurons)
  }
  return PackedPatterns.from(states, { neurons })
}

const sourceOf = (b, count) => b * Math.floor(count / 256)

/** Rows of one tier, in its own process. */
export async function work({ neurons, count, batches, kinds }) {
  const patterns = randomPatterns({ count, neurons, seed: 1, packed: true })
  const all = makeStates(patterns, Math.max(...batches))
  const net = new HopfieldNetwork({ neurons }).store(patterns)
  const { tier } = backend()
  const rows = []
  for (const batch of batches) {
    const states = new PackedPatterns({
      neurons,
      words: all.words.slice(0, (all.words.length / all.count) * batch),
    })
    for (const kind of kinds) {
      const memory = kind === 'network' ? net : patterns
      const what = kind === 'network' ? 'nearest' : 'PackedPatterns.nearest'
      const ok = memory.nearest(states).indices.every((index, b) => index === sourceOf(b, count))
      const took = await measure(() => memory.nearest(states))
      rows.push({ name: `${tier}, ${what}, ${batch}`, tier, batch, ok, kept: kind === 'network', ...took })
    }
  }
  return rows
}

/** Bits to bytes, without the padding of rows. */
function tight(packed) {
  const bytes = packed.neurons / 8
  const stride = (packed.words.length / packed.count) * 4
  const from = new Int8Array(packed.words.buffer, packed.words.byteOffset, packed.words.byteLength)
  const out = new Int8Array(packed.count * bytes)
  for (let mu = 0; mu < packed.count; mu++)
    out.set(from.subarray(mu * stride, mu * stride + bytes), mu * bytes)
  return out
}

export async function run(report) {
  const [first, ...others] = usableTiers()
  for (const [neurons, count] of SHAPES) {
    const patterns = randomPatterns({ count, neurons, seed: 1, packed: true })
    const states = makeStates(patterns, Math.max(...BATCHES))
    const indices = Float64Array.from({ length: states.count }, (_, b) => sourceOf(b, count))
    const inputs = { patterns: tight(patterns), states: tight(states), indices }
    const machine = limitsInTurn('popcount', 'read')
    const group = (tier, kinds, batches = BATCHES) =>
      apart(import.meta.url, 'work', { neurons, count, batches, kinds }, tierEnvironment(tier))
    const rows = await inFolder(neurons / 8, inputs, (folder) =>
      takeTurns([
        machine.group,
        ...(first === undefined ? [] : [() => group(first, ['network', 'packed'])]),
        ...others.map((tier) => () => group(tier, ['network'])),
        () => group('typescript', ['network'], [1]),
        () => faiss('nearest.py', folder, [BATCHES.join(',')]).rows,
      ]),
    )
    told(report, [neurons, count], rows, machine.list())
  }
  report.text(
    'A query takes P·N bit operations; a single one reads P·N/8 bytes of patterns. Limits are rates of `limits`: xor and popcount ' +
      "in the tier's own instructions, four queries per load from the first-level cache, and reading from memory. " +
      `PackedPatterns copies its patterns into the search layout in every call. ${peersNote('faiss')}\n`,
  )
}

function told(report, [neurons, count], rows, machine) {
  const reading = Math.max(
    0,
    ...machine
      .filter(({ what, where }) => what === 'read' && where === 'memory')
      .map(({ best: most }) => most),
  )
  for (const batch of BATCHES) {
    const some = rows.filter((row) => row.batch === batch)
    report.text(`## ${batch === 1 ? 'One query' : `${batch} queries`}, P = ${count}, N = ${neurons}\n`)
    for (const row of some) report.json({ question: 'nearest', neurons, count, ...row })
    report.text(
      table(
        [
          '',
          'all',
          'a query',
          'ratio',
          'bit operations per second',
          'of popcount',
          'bytes read a second',
          'of reading',
        ],
        some.map(({ name, tier, median, ok, kept }) => {
          const rate = (count * neurons * batch) / median
          const limit = tier && best(machine, 'popcount', `${tier === 'amx' ? 'avx512' : tier}, 4 queries`)
          const read = kept && batch === 1 ? (count * neurons) / 8 / median : undefined
          return [
            `${name}${ok ? '' : ' — other patterns!'}`,
            duration(median),
            duration(median / batch),
            `${factor(median / some[0].median)}×`,
            metric(rate),
            limit ? percent(rate / limit) : '',
            read ? metric(read, 'B') : '',
            read && reading ? percent(read / reading) : '',
          ]
        }),
      ),
    )
    report.text('')
  }
}
