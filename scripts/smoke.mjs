// One of everything on the addon, and the same in WebAssembly, if the package has it, and on TypeScript: which tier ran, and whether the bits agree. Plain JavaScript without
// dependencies, for machines on which the test suite does not run: under emulators, in containers, beside a release.
//   node scripts/smoke.mjs [PACKAGE]    PACKAGE is a folder with dist/index.js; this one by default
//   node scripts/smoke.mjs --tiers      the tiers that this machine runs
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const asked = process.argv[2]
const folder = (asked === '--tiers' ? undefined : asked) ?? fileURLToPath(new URL('..', import.meta.url))
const entry = (name) => import(pathToFileURL(join(resolve(folder), 'dist', name)).href)
const h = await entry('index.js')
const experiments = await entry('experiments.js')
const optimization = await entry('optimization.js')

/** What results are made of, in an order that does not depend on the backend. */
function add(hash, value) {
  if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  else if (value !== null && typeof value === 'object' && Symbol.iterator in value)
    for (const one of value) add(hash, one)
  else if (value !== null && typeof value === 'object')
    for (const key of Object.keys(value).sort()) add(hash, value[key])
  else hash.update(`${value};`)
}

async function digestOf(backend) {
  const hash = createHash('sha256')
  const N = 321
  const patterns = h.randomPatterns({ count: 40, neurons: N, seed: 1 })
  const cues = Array.from({ length: 12 }, (_, k) =>
    h.addNoise(patterns.subarray(k * N, (k + 1) * N), { noise: 0.15, seed: k }),
  )
  for (const options of [{}, { weights: 'dense' }, { learning: 'pseudoinverse' }, { learning: 'storkey' }]) {
    const net = new h.HopfieldNetwork({ neurons: N, backend, ...options }).store(patterns)
    add(hash, net.recall(cues[0]).state)
    add(hash, net.recall(cues[1], { dynamics: 'synchronous' }).state)
    add(hash, net.recall(cues[2], { temperature: 0.3, seed: 5 }).state)
    add(
      hash,
      [...net.recallBatch(cues)].map(({ state, sweeps, energy }) => [state, sweeps, energy]),
    )
    add(
      hash,
      [...(await net.recallAsync(cues, { seed: 3 }))].map(({ state, energy }) => [state, energy]),
    )
    add(hash, await net.nearestAsync(cues))
  }
  const dense = new h.DenseAssociativeMemory({
    neurons: N,
    interaction: { kind: 'polynomial', degree: 3 },
    backend,
  }).store(patterns)
  add(
    hash,
    [...dense.recallBatch(cues)].map(({ state }) => state),
  )
  const keys = Float32Array.from({ length: 200 * 24 }, (_, k) =>
    Math.fround(((k * 7919) % 1013) / 1013 - 0.5),
  )
  const modern = new h.ModernHopfield({ dimension: 24, beta: 9, backend }).store(keys)
  add(hash, modern.retrieve(keys.subarray(0, 24)).state)
  add(
    hash,
    [...(await modern.retrieveAsync(keys.subarray(0, 24 * 9)))].map(({ state }) => state),
  )

  // Small whole numbers run as bits of words, others one read after the other.
  const edges = Array.from({ length: 300 }, (_, k) => [k % 100, (k * 37 + 1 + (k % 3)) % 100]).filter(
    ([i, j]) => i !== j,
  )
  for (const weight of [1, 0.3]) {
    const problem = optimization.maxCut(edges.map(([i, j]) => [i, j, weight]))
    add(hash, optimization.anneal(problem, { numReads: 40, numSweeps: 50, seed: 2, backend }).states.unpack())
    add(hash, optimization.tabu(problem, { numReads: 3, seed: 2, backend }).states.unpack())
  }

  const population = { neurons: 65, counts: [3, 9], networks: 3, seed: 4, backend }
  add(hash, await experiments.basinCurve({ ...population, noise: [0, 0.2], temperature: 0.2, maxSweeps: 5 }))
  const layers = { neurons: 99, outputs: 500, sources: 9, winners: 11, networks: 3, backend }
  add(hash, await experiments.separationCurve({ ...layers, overlaps: [0.3, 0.8, 1] }))

  const work = mkdtempSync(join(tmpdir(), 'hopfield-smoke-'))
  try {
    const path = join(work, 'memory.safetensors')
    const net = new h.HopfieldNetwork({ neurons: N, backend }).store(patterns)
    await net.save(path)
    for (const mmap of [false, true]) {
      const opened = await h.HopfieldNetwork.load(path, { backend, mmap })
      add(hash, opened.recall(cues[3]).state)
    }
  } finally {
    // A map holds its file on Windows until it is collected.
    try {
      rmSync(work, { recursive: true, force: true })
    } catch {}
  }
  return hash.digest('hex').slice(0, 16)
}

if (asked === '--tiers') {
  const { nativeTiers } = await import('../dist/kernels/select.js')
  for (const { name, usable } of nativeTiers()) if (usable) console.log(name)
  process.exit(0)
}
const { name, tier, reason } = h.backend()
const where = `${process.platform}-${process.arch} node ${process.versions.node}`
if (name !== 'native') {
  console.error(`${where}: ${reason}`)
  process.exit(1)
}
// Without a compiler for it the file has no module in it.
const hasWasm = statSync(join(resolve(folder), 'dist/web/platform/wasm-bytes.js')).size > 10_000
const others = [...(hasWasm ? ['wasm'] : []), 'typescript']
const native = await digestOf('native')
console.log(`${where}: tier ${tier} ${native}`)
for (const other of others) {
  const digest = await digestOf(other)
  console.log(`${where}: ${other} ${digest}`)
  if (digest !== native) process.exit(1)
}
