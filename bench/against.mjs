// Compares this checkout with another one (the commit before, built), row by row, in one run: internal changes must not
// cost speed. Each build runs in its own process; the two take turns, and a row is the ratio of their medians.
//   node bench/against.mjs FOLDER [--rows WORD] [--rounds 5] [--time 300] [--limit 1.05]
// Ends with code 1 if a row is slower than the limit or its results differ in a bit. Rows use words that both builds know.
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, middle, table } from './measure.mjs'

/** Cues that are patterns with a fifth of their neurons flipped; the same for every build. */
function noisy(patterns, neurons, count) {
  const out = new Int8Array(count * neurons)
  let word = 12345
  for (let k = 0; k < out.length; k++) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0
    const value = patterns[k % patterns.length]
    out[k] = word < 2 ** 32 * 0.2 ? -value : value
  }
  return out
}

function vectors(count, dimension, seed) {
  const out = new Float32Array(count * dimension)
  let word = seed
  for (let k = 0; k < out.length; k++) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0
    out[k] = (word / 2 ** 32 - 0.5) * Math.sqrt(12 / dimension)
  }
  return out
}

function network(H, neurons, count, more = {}) {
  const patterns = H.randomPatterns({ count, neurons, seed: 1 })
  const net = new H.HopfieldNetwork({ neurons, ...more }).store(patterns)
  return { net, patterns }
}

function lone(neurons, count, options, more) {
  return (H) => {
    const { net, patterns } = network(H, neurons, count, more)
    const cue = noisy(patterns.subarray(0, neurons), neurons, 1)
    return () => net.recall(cue, options)
  }
}

function together(neurons, count, cues, options, more) {
  return (H) => {
    const { net, patterns } = network(H, neurons, count, more)
    const many = noisy(patterns, neurons, cues)
    return () => net.recallBatch(many, options)
  }
}

function retrieval(dimension, count, beta, queries) {
  return (H) => {
    const keys = vectors(count, dimension, 1)
    const net = new H.ModernHopfield({ dimension, beta }).store(keys)
    const asked = keys.slice(0, queries * dimension).map((x, k) => x + 0.1 * Math.sin(k))
    if (queries === 1) return () => net.retrieve(asked, { energy: false })
    return () => net.retrieveBatch(asked, { energy: false })
  }
}

const sync = { dynamics: 'synchronous' }
const ROWS = {
  'one call, N = 64, synchronous': (H) => many(lone(64, 3, sync)(H)),
  'one call, N = 64, random order': (H) => many(lone(64, 3, { seed: 1 })(H)),
  'one call, N = 64, no options': (H) => many(lone(64, 3, undefined)(H)),
  'one call, N = 128, random order': (H) => many(lone(128, 6, { seed: 1 })(H)),
  'one call, N = 256, synchronous': (H) => many(lone(256, 13, sync)(H)),
  'one call, N = 256, cyclic order': (H) => many(lone(256, 13, { order: 'cyclic' })(H)),
  'one call, N = 256, own order': (H) =>
    many(lone(256, 13, { order: Uint32Array.from({ length: 256 }, (_, i) => i) })(H)),
  'one call, N = 256, random order': (H) => many(lone(256, 13, { seed: 1 })(H)),
  'lone synchronous, N = 1024': lone(1024, 51, sync),
  'lone synchronous, N = 4096': lone(4096, 204, sync),
  'lone synchronous, N = 16,384': lone(16384, 819, sync),
  'lone asynchronous, N = 256': lone(256, 12, { seed: 1 }),
  'lone asynchronous, N = 1024': lone(1024, 51, { seed: 1 }),
  'lone asynchronous, N = 4096': lone(4096, 204, { seed: 1 }),
  'lone asynchronous with a trace, N = 4096': lone(4096, 204, { seed: 1, trace: true }),
  'batch of 256 synchronous, N = 1024': together(1024, 51, 256, sync),
  'batch of 256 synchronous, N = 4096': together(4096, 204, 256, sync),
  'batch of 256 synchronous, N = 64': together(64, 3, 256, sync),
  'batch of 256 synchronous, N = 200': together(200, 10, 256, sync),
  'batch of 256 synchronous, N = 256, P = 2000': together(256, 2000, 256, { ...sync, maxSweeps: 3 }),
  'batch of 16 synchronous, N = 16,384': together(16384, 819, 16, sync),
  'batch of 16 synchronous, N = 65,536, P = 819': together(65536, 819, 16, sync),
  'batch of 64 asynchronous, N = 1024': together(1024, 51, 64, { seed: 1 }),
  'batch of 64 asynchronous, N = 4096': together(4096, 204, 64, { seed: 1 }),
  'batch of 64 in cyclic order, N = 256': together(256, 13, 64, { order: 'cyclic' }),
  'batch of 64 in cyclic order, N = 1024': together(1024, 51, 64, { order: 'cyclic' }),
  'batch of 64 in cyclic order, N = 4096': together(4096, 204, 64, { order: 'cyclic' }),
  "Hebb's matrix, lone synchronous, N = 1024": lone(1024, 51, sync, { weights: 'dense' }),
  "Hebb's matrix, lone asynchronous, N = 1024": lone(1024, 51, { seed: 1 }, { weights: 'dense' }),
  "Hebb's matrix, batch of 64 synchronous, N = 1024": together(1024, 51, 64, sync, { weights: 'dense' }),
  "Hebb's matrix, batch of 64 asynchronous, N = 1024": together(
    1024,
    51,
    64,
    { seed: 1 },
    { weights: 'dense' },
  ),
  'pseudo-inverse, lone synchronous, N = 2048': lone(2048, 500, sync, { learning: 'pseudoinverse' }),
  'pseudo-inverse, lone asynchronous, N = 2048': lone(2048, 500, { seed: 1 }, { learning: 'pseudoinverse' }),
  'covariance, lone synchronous, N = 2048': lone(2048, 100, sync, { learning: 'covariance' }),
  'clipped, lone asynchronous, N = 2048': lone(2048, 50, { seed: 1 }, { learning: 'clipped' }),
  'Storkey, lone asynchronous, N = 512': lone(512, 50, { seed: 1 }, { learning: 'storkey' }),
  'connections, 64 chains at T = 0.5': (H) => {
    const connections = { kind: 'random', degree: 20, seed: 1 }
    const { net, patterns } = network(H, 10000, 5, { connections })
    const cues = noisy(patterns, 10000, 64)
    return () => net.recallBatch(cues, { order: 'cyclic', temperature: 0.5, maxSweeps: 20 })
  },
  'connections, one chain at T = 0.5': (H) => {
    const connections = { kind: 'random', degree: 20, seed: 1 }
    const { net, patterns } = network(H, 10000, 5, { connections })
    return () => net.recall(patterns.subarray(0, 10000), { order: 'cyclic', temperature: 0.5, maxSweeps: 20 })
  },
  'one chain of a Hebbian network at T = 0.5': lone(1024, 51, { temperature: 0.5, maxSweeps: 20 }),
  'energies of 256 states, N = 4096': (H) => {
    const { net, patterns } = network(H, 4096, 204)
    const states = noisy(patterns, 4096, 256)
    return () => net.energyBatch(states)
  },
  'local fields, N = 4096': (H) => {
    const { net, patterns } = network(H, 4096, 204)
    return () => net.localField(patterns.subarray(0, 4096))
  },
  'weights(), N = 4096': (H) => {
    const { net } = network(H, 4096, 204)
    return () => net.weights()
  },
  'store of 64 patterns as a matrix, N = 1024': (H) => {
    const patterns = H.randomPatterns({ count: 64, neurons: 1024, seed: 1 })
    return () => new H.HopfieldNetwork({ neurons: 1024, weights: 'dense' }).store(patterns)
  },
  'dense memory, degree 3, lone asynchronous, N = 256, P = 2000': (H) => {
    const patterns = H.randomPatterns({ count: 2000, neurons: 256, seed: 1 })
    const interaction = { kind: 'polynomial', degree: 3 }
    const net = new H.DenseAssociativeMemory({ neurons: 256, interaction }).store(patterns)
    const cue = noisy(patterns.subarray(0, 256), 256, 1)
    return () => net.recall(cue, { seed: 1 })
  },
  'dense memory, exponential, lone asynchronous, N = 256, P = 20,000': (H) => {
    const patterns = H.randomPatterns({ count: 20000, neurons: 256, seed: 1 })
    const net = new H.DenseAssociativeMemory({ neurons: 256, interaction: { kind: 'exponential' } })
    net.store(patterns)
    const cue = noisy(patterns.subarray(0, 256), 256, 1)
    return () => net.recall(cue, { seed: 1 })
  },
  'nearest of 100,000 × 256, alone': nearest(100000, 256, 1),
  'nearest of 100,000 × 256, of 256': nearest(100000, 256, 256),
  'nearest of 100,000 × 64, alone': nearest(100000, 64, 1),
  'overlaps with 100,000 × 64, alone': overlaps(100000, 64, 1),
  'overlaps with 10,000 × 128, of 64': overlaps(10000, 128, 64),
  'overlaps with 10,000 × 192, of 64': overlaps(10000, 192, 64),
  'overlaps with 100,000 × 256, alone': overlaps(100000, 256, 1),
  'store of 100,000 × 64': (H) => {
    const patterns = H.randomPatterns({ count: 100000, neurons: 64, seed: 1 })
    return () => new H.HopfieldNetwork({ neurons: 64 }).store(patterns)
  },
  'modern, sharp, alone, d = 512, M = 20,000': retrieval(512, 20000, 181, 1),
  'modern, soft, alone, d = 512, M = 20,000': retrieval(512, 20000, 0.044, 1),
  'modern, sharp, of 64, d = 512, M = 20,000': retrieval(512, 20000, 181, 64),
  'modern, soft, of 64, d = 512, M = 20,000': retrieval(512, 20000, 0.044, 64),
  'modern, soft, alone, d = 64, M = 50,000': retrieval(64, 50000, 0.125, 1),
  'continuous, N = 512': (H) => {
    const patterns = H.randomPatterns({ count: 20, neurons: 512, seed: 1 })
    const net = new H.ContinuousHopfield({ neurons: 512 }).store(patterns)
    const cue = Float64Array.from(noisy(patterns.subarray(0, 512), 512, 1))
    return () => net.recall(cue, { maxSteps: 50 })
  },
  'pairs, lone, 1024 and 512': (H) => {
    const xs = H.randomPatterns({ count: 20, neurons: 1024, seed: 1 })
    const ys = H.randomPatterns({ count: 20, neurons: 512, seed: 2 })
    const net = new H.BidirectionalMemory({ inputs: 1024, outputs: 512 }).store(xs, ys)
    const x = noisy(xs.subarray(0, 1024), 1024, 1)
    return () => net.recall({ x })
  },
  'dense memory, degree 3, lone synchronous, N = 64, P = 2000': (H) => {
    const patterns = H.randomPatterns({ count: 2000, neurons: 64, seed: 1 })
    const interaction = { kind: 'polynomial', degree: 3 }
    const net = new H.DenseAssociativeMemory({ neurons: 64, interaction }).store(patterns)
    const cue = noisy(patterns.subarray(0, 64), 64, 1)
    return () => net.recall(cue, sync)
  },
  'Storkey learns 50 of N = 512': learned(512, 50, 'storkey'),
  'pseudo-inverse learns 200 of N = 1024': learned(1024, 200, 'pseudoinverse'),
  'perceptron learns 100 of N = 256': learned(256, 100, 'perceptron'),
}

function learned(neurons, count, learning) {
  return (H) => {
    const patterns = H.randomPatterns({ count, neurons, seed: 1 })
    return () => new H.HopfieldNetwork({ neurons, learning }).store(patterns)
  }
}

function nearest(count, neurons, queries) {
  return (H) => {
    const patterns = H.randomPatterns({ count, neurons, seed: 1, packed: true })
    const first = new Int8Array(queries * neurons)
    for (let b = 0; b < queries; b++) first.set(patterns.pattern(b * 7), b * neurons)
    const cues = noisy(first, neurons, queries)
    const net = new H.HopfieldNetwork({ neurons }).store(patterns)
    return () => net.nearest(cues)
  }
}

function overlaps(count, neurons, states) {
  return (H) => {
    const { net, patterns } = network(H, neurons, count)
    const cues = noisy(patterns, neurons, states)
    return () => net.overlapsBatch(cues)
  }
}

/** Repeats a call of about a microsecond a thousand times. */
function many(call) {
  return () => {
    for (let k = 0; k < 1000; k++) call()
  }
}

/** A digest of all numbers in a result, independent of the names of its fields. */
function digest(result) {
  const hash = createHash('sha256')
  for (const value of ArrayBuffer.isView(result) ? [result] : Object.values(result ?? {})) {
    if (ArrayBuffer.isView(value))
      hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    else if (typeof value === 'number') hash.update(String(value))
  }
  return hash.digest('hex')
}

/** The file that a program gets that imports the package: a bundle of fewer objects than all its modules make is sooner collected. */
function entryOf(folder) {
  const { exports } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const { import: entry = exports['.'] } = exports['.']
  return pathToFileURL(`${folder}/${entry.default}`).href
}

async function serve(folder) {
  const H = await import(entryOf(folder))
  let name = ''
  let call = () => {}
  process.on('message', async ({ row, time }) => {
    try {
      if (row !== name) call = ROWS[row](H)
      name = row
      const made = digest(call())
      const { median } = await measure(call, { time })
      process.send({ median, made })
    } catch (error) {
      process.send({ error: String(error) })
    }
  })
}

async function compare() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      time: { type: 'string', default: '300' },
      limit: { type: 'string', default: '1.05' },
    },
  })
  if (positionals.length !== 1) throw new Error('expected one folder: another built checkout')
  const file = fileURLToPath(import.meta.url)
  const here = fileURLToPath(new URL('..', import.meta.url))
  const builds = [positionals[0], here].map((folder) =>
    fork(file, [], { env: { ...process.env, HOPFIELD_AGAINST: folder } }),
  )
  const ask = (child, row) =>
    new Promise((resolve) => {
      child.once('message', resolve)
      child.send({ row, time: Number(values.time) })
    })
  const found = []
  for (const row of Object.keys(ROWS).filter((name) => name.includes(values.rows))) {
    const times = [[], []]
    const bits = new Set()
    let failed
    for (let round = 0; round < Number(values.rounds) && failed === undefined; round++) {
      for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const { median, made, error } = await ask(builds[which], row)
        failed ??= error
        bits.add(made)
        times[which].push(median)
      }
    }
    if (bits.size > 1) failed ??= 'results differ'
    const [before, after] = times.map(middle)
    const [leastBefore, leastAfter] = times.map((all) => Math.min(...all))
    found.push({ row, before, after, ratio: after / before, least: leastAfter / leastBefore, failed })
    const { ratio, least } = found.at(-1)
    console.error(failed ?? `${ratio.toFixed(3)} ${least.toFixed(3)} ${row}`)
  }
  for (const build of builds) build.kill()
  const cells = found.map(({ row, before, after, ratio, least, failed }) =>
    failed === undefined
      ? [row, seconds(before), seconds(after), ratio.toFixed(3), least.toFixed(3)]
      : [row, failed, '', '', ''],
  )
  console.log(table(['', 'before', 'after', 'after/before', 'of the least'], cells))
  const limit = Number(values.limit)
  // A busy machine slows one median or the other; the minimum of many runs shows what the code can do.
  const slow = found.filter(
    ({ ratio, least, failed }) => failed !== undefined || (ratio > limit && least > limit),
  )
  console.log(`${found.length - slow.length} of ${found.length} rows within ${limit}`)
  process.exitCode = slow.length === 0 ? 0 : 1
}

function seconds(x) {
  return x < 1e-3 ? `${(x * 1e6).toPrecision(3)} µs` : `${(x * 1e3).toPrecision(3)} ms`
}

const folder = process.env.HOPFIELD_AGAINST
await (folder === undefined ? compare() : serve(folder))
