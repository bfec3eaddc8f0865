// What is a map in front of a modern Hopfield network worth? The separation of what is stored, and the recall of noisy cues, before and after
// whitening, random projections and a map fitted for separation. HOPFIELD_BENCH_DATA (or --data=FOLDER) has unifont-16x16.hex.gz and
// digits-8x8.csv.gz.
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { addNoise, ModernHopfield, SimilarityMap } from 'hopfield-native'
import { QUICK, table } from './measure.mjs'

const CUES = QUICK ? 60 : 600
const BETAS = [16, 32, 64]
/** Of the squared distance between a vector and the mean: what a recall may be off by. */
const NEAR = 0.05

const lines = (name) =>
  gunzipSync(readFileSync(`${process.env.HOPFIELD_BENCH_DATA}/${name}`))
    .toString()
    .trim()
    .split('\n')

/** Distinct glyphs spread over the font, ±1. */
function glyphs(count) {
  const all = [...new Set(lines('unifont-16x16.hex.gz').map((line) => line.split(':')[1]))]
  const out = new Float32Array(count * 256)
  for (let mu = 0; mu < count; mu++) {
    const digits = all[Math.floor((mu * all.length) / count)]
    for (let i = 0; i < 256; i++)
      out[mu * 256 + i] = (Number.parseInt(digits[i >> 2], 16) >> (3 - (i & 3))) & 1 ? 1 : -1
  }
  return out
}

const digits = () =>
  Float32Array.from(lines('digits-8x8.csv.gz').flatMap((row) => row.split(',', 64).map(Number)))

/** Cues of vectors spread over all: a fifth of the pixels flipped, or that share of them with the grey of another digit. */
function cuesOf(data, dimension, spins) {
  const count = data.length / dimension
  const which = Array.from({ length: CUES }, (_, b) => Math.floor((b * count) / CUES))
  const cues = new Float32Array(CUES * dimension)
  for (const [b, mu] of which.entries()) {
    const own = data.subarray(mu * dimension, (mu + 1) * dimension)
    const flipped = addNoise(spins ? Int8Array.from(own) : new Int8Array(dimension).fill(1), {
      noise: 0.2,
      seed: b,
    })
    const other = data.subarray(((mu + 7 * b + 1) % count) * dimension)
    for (let i = 0; i < dimension; i++)
      cues[b * dimension + i] = spins ? flipped[i] : flipped[i] === 1 ? own[i] : other[i]
  }
  return { cues, which }
}

function separations(keys, width) {
  const count = keys.length / width
  const net = new ModernHopfield({ dimension: width, similarity: 'cosine', beta: 1 }).store(keys)
  const { similarities } = net.topBatch(keys, 2)
  const norms = Float64Array.from({ length: count }, (_, b) =>
    Math.hypot(...keys.subarray(b * width, (b + 1) * width)),
  )
  const own = Float64Array.from({ length: count }, (_, b) => 1 - similarities[2 * b + 1]).sort()
  return norms.every((norm) => norm > 0)
    ? [own.reduce((sum, x) => sum + x, 0) / count, own[Math.floor(count / 20)]]
    : [0, 0]
}

function measured(keys, cues, width, data, dimension, which) {
  const mean = new Float64Array(dimension)
  for (let k = 0; k < data.length; k++) mean[k % dimension] += (data[k] * dimension) / data.length
  const options = { dimension: width, valueDimension: dimension, similarity: 'cosine' }
  let nearest = 0
  const recalled = BETAS.map((beta) => {
    const net = new ModernHopfield({ ...options, beta }).store(keys, data)
    const { indices } = net.topBatch(cues, 1)
    nearest = which.filter((mu, b) => indices[b] === mu).length / CUES
    const { states } = net.recallBatch(cues, { energy: false })
    const near = which.filter((mu, b) => {
      let [off, size] = [0, 0]
      for (let i = 0; i < dimension; i++) {
        const x = data[mu * dimension + i]
        off += (states[b * dimension + i] - x) ** 2
        size += (x - mean[i]) ** 2
      }
      return off < NEAR * size
    })
    return near.length / CUES
  })
  return { nearest, recalled }
}

const percent = (share) => `${Math.round(100 * share)} %`

function ask(report, name, data, dimension, spins) {
  const { cues, which } = cuesOf(data, dimension, spins)
  const epochs = QUICK ? 2 : 20
  const fitted = (one, ...given) => one.fit(...given)
  const map = (outputs = dimension) => new SimilarityMap({ dimension, outputs })
  const maps = [
    ['as it is', undefined],
    ['centred', () => fitted(map(), data, { kind: 'centring' })],
    ['whitened, ridge 0.01', () => fitted(map(), data, { kind: 'whitening' })],
    ['whitened, ridge 1', () => fitted(map(), data, { kind: 'whitening', ridge: 1 })],
    [`projected to ${dimension / 2}`, () => fitted(map(dimension / 2), data, { kind: 'centring' })],
    [`projected to ${dimension / 4}`, () => fitted(map(dimension / 4), data, { kind: 'centring' })],
    ['fitted', () => fitted(map(), data, { epochs })],
    ['fitted, noise 0.3', () => fitted(map(), data, { epochs, noise: 0.3 })],
    ['fitted, noise 1', () => fitted(map(), data, { epochs, noise: 1 })],
    [`fitted to ${dimension / 4}, noise 1`, () => fitted(map(dimension / 4), data, { epochs, noise: 1 })],
  ]
  const rows = maps.map(([what, make]) => {
    const before = process.cpuUsage()
    const one = make?.()
    const { user } = process.cpuUsage(before)
    const width = one?.outputs ?? dimension
    const [keys, asked] = [data, cues].map((rows) => one?.transform(rows) ?? rows)
    const [mean, low] = separations(keys, width)
    const { nearest, recalled } = measured(keys, asked, width, data, dimension, which)
    report.json({
      question: 'similarity',
      name,
      map: what,
      mean,
      low,
      nearest,
      recalled,
      seconds: user / 1e6,
    })
    const shares = [nearest, ...recalled].map(percent)
    return [what, mean.toFixed(3), low.toFixed(3), ...shares, `${(user / 1e6).toFixed(1)} s`]
  })
  const noise = spins ? 'a fifth of the pixels flipped' : 'a fifth of the pixels from another digit'
  report.text(`## ${name}: ${CUES} cues, ${noise}\n`)
  const heads = ['map', 'separation', '5 % are below', 'nearest is right']
  report.text(`${table([...heads, ...BETAS.map((beta) => `recalled, β = ${beta}`), 'fit'], rows)}\n`)
}

export async function run(report) {
  const missing = ['unifont-16x16.hex.gz', 'digits-8x8.csv.gz'].filter(
    (name) => !existsSync(`${process.env.HOPFIELD_BENCH_DATA}/${name}`),
  )
  if (missing.length > 0) return report.text(`Without ${missing.join(' and ')} nothing to ask.\n`)
  const count = QUICK ? 300 : 1500
  ask(report, `${count} glyphs of 256 pixels`, glyphs(count), 256, true)
  const all = digits()
  ask(report, `${all.length / 64} digits of 64 greys`, all, 64, false)
}
