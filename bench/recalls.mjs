// Recalls of the modern network from unit vectors, one step, no energy, beside NumPy's and PyTorch's forms of it: what `retrieval` and `single`
// measure. A query is a key plus noise.
import { backend, ModernHopfield } from 'hopfield-native'
import { apart, tierEnvironment, usableTiers } from './apart.mjs'
import { digest, inFolder, noisyQueries, readInput, unitVectors } from './inputs.mjs'
import { best, limitsInTurn } from './limits.mjs'
import { beside, measure, percent, takeTurns } from './measure.mjs'
import { numpy, torch } from './peers.mjs'

export const BATCHES = [1, 256]
/** One core takes a tenth of a second per query with the TypeScript backend, and a hundredth with scalar code: as long in any batch. */
const MOST = { typescript: 2, scalar: 16 }

/** Rows of one tier, in its own process. */
export async function work({ folder, dimension, beta, batch, precision }) {
  const keys = readInput(folder, 'keys')
  const queries = readInput(folder, 'queries').subarray(0, batch * dimension)
  const count = keys.length / dimension
  const net = new ModernHopfield({ dimension, beta, precision, capacity: count }).store(keys)
  const call = () => net.retrieveBatch(queries, { energy: false })
  const { states } = call()
  const tier = backend().tier ?? 'typescript'
  const name = precision === 'single' ? `${tier}, single` : tier
  const first = [...states.subarray(0, 4 * dimension)]
  // Every tier has the same bits.
  const bits = precision === 'single' ? undefined : digest(states.subarray(0, dimension))
  return [{ name, tier, precision, batch, bits, states: first, ...(await measure(call)) }]
}

/**
 * Every row of one shape, one β and one batch: { name, median, batch, ok, off, share?, of? }. `off` is the mean distance to the first row's states,
 * which are sums in f64 rounded once.
 * @param {[tier: string, precision: 'double' | 'single'][]} own which of this package's, the first to compare with
 */
export async function recallRows(folder, { dimension, count, beta, few, batch }, own) {
  const machine = limitsInTurn('read', 'int8', 'float32', 'float64')
  const given = (tier, precision) => ({
    folder,
    dimension,
    beta,
    batch: Math.min(batch, MOST[tier] ?? batch),
    precision,
  })
  const peer = (ask, script) => () =>
    ask(script, folder, [String(beta), String(batch)]).rows.map((row) => ({ ...row, batch }))
  const rows = await takeTurns([
    machine.group,
    ...own.map(
      ([tier, precision]) =>
        () =>
          apart(import.meta.url, 'work', given(tier, precision), tierEnvironment(tier)),
    ),
    peer(numpy, 'retrieval.py'),
    peer(torch, 'retrieval_torch.py'),
  ])
  const [{ states: exact, bits: right }] = rows
  return rows.map(({ states, bits, ...row }) => {
    const off = meanDistance(states, exact, dimension)
    const limit = limitOf(row, { dimension, count, few }, machine.list())
    return { ...row, ok: bits === undefined ? off < 1e-4 : bits === right, off, ...limit }
  })
}

export const ownTiers = () => usableTiers()

/** Calls `use` with the folder of a shape's keys and queries. */
export function withShape([dimension, count, noise], use) {
  const keys = unitVectors(count, dimension, 1)
  const queries = noisyQueries(keys, dimension, noise, Math.max(...BATCHES))
  return inFolder(dimension, { keys, queries }, use)
}

function meanDistance(states, exact, dimension) {
  const rows = Math.min(states.length, exact.length) / dimension
  let sum = 0
  for (let b = 0; b < rows; b++) {
    let square = 0
    for (let c = b * dimension; c < (b + 1) * dimension; c++) square += (states[c] - exact[c]) ** 2
    sum += Math.sqrt(square)
  }
  return sum / rows
}

/** Memory limits a single query, multiply-adds limit many. Where few keys have weight the bytes of the first pass are what there is to do. */
function limitOf({ tier, precision, median, batch }, { dimension, count, few }, machine) {
  if (tier === undefined || tier === 'typescript' || tier === 'scalar') return {}
  const share = (amount, rate, of) => (rate === undefined ? {} : { share: amount / median / rate, of })
  if (batch === 1) {
    const bytes = count * dimension * (few ? 1 : 4)
    return share(bytes, best(machine, 'read', 'loads', 'memory'), 'bytes read from memory')
  }
  const wide = tier.startsWith('avx512') || tier === 'amx'
  if (few) {
    const how = wide && tier !== 'avx512-skx' ? 'avx512-vnni' : 'avx2'
    return share(batch * count * dimension, best(machine, 'int8', how), `int8 multiply-adds, ${how}`)
  }
  const kind = precision === 'single' ? 'float32' : 'float64'
  const how = wide ? 'avx512' : 'avx2'
  return share(2 * batch * count * dimension, best(machine, kind, how), `${kind} multiply-adds, ${how}`)
}

/** The fastest of a peer's forms. */
export function fastest(rows, peer) {
  const own = rows.filter(({ name }) => name.startsWith(peer))
  return own.sort((a, b) => a.median - b.median)[0]
}

/** A time per query, beside the first row's. */
export function cell(row, base) {
  if (row === undefined) return ''
  const time = beside(row.median / row.batch, base && base.median / base.batch)
  const share = row.share === undefined || base !== undefined ? '' : `, ${percent(row.share)}`
  return `${time}${share}${row.ok ? '' : ' — other states!'}`
}
