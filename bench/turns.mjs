// How long does an asynchronous call hold the event loop, and how soon does it answer an abort? Every door, of large memories.
// Where the system tells it, the time in which a thread could have computed and another program had the processor does not count. Each is
// asked a few times of memories that were never asked anything before; the best counts. HOPFIELD_TURNS names doors by a part of their names, behind the backend's.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  BidirectionalMemory,
  backend as backendInfo,
  basinAsync,
  ContinuousHopfield,
  DenseAssociativeMemory,
  fixedPointsAsync,
  HopfieldNetwork,
  load,
  ModernHopfield,
  RecallBatcher,
  randomCodes,
  randomPatterns,
  retrievalErrorsAsync,
  SparseAssociativeMemory,
} from 'hopfield-native'
import { QUICK, table } from './measure.mjs'
import { experimentDoors } from './turns-experiments.mjs'
import { solverDoors } from './turns-solvers.mjs'

export const cores = Math.min(availableParallelism(), 2)

const ATTEMPTS = QUICK ? 1 : 4
/** Milliseconds after which a call that still runs is stopped. */
const LONGEST = QUICK ? 100 : 600
/** Milliseconds from a call to its abort. */
const ABORTS = QUICK ? [10] : [1, 5, 12, 25, 60, 150]

const patterns = (count, neurons, seed = 1) => randomPatterns({ count, neurons, seed, packed: true })
const bytes = (count, neurons, seed = 2) => randomPatterns({ count, neurons, seed })
const reals = (length) => Float32Array.from({ length }, (_, k) => Math.sin(k * 12.9898))
const once = (make) => {
  let made
  return () => {
    made ??= make()
    return made
  }
}

/** Every door: its name, and what makes a call that was never asked before. */
function doors(backend, folder) {
  const pick = (large, small) => (backend === 'native' ? large : small)
  const list = []
  const door = (name, prepare) => list.push([name, prepare])

  // Pairwise memories by form.
  const forms = [
    ['implicit', {}, pick(4096, 2048), pick(100_000, 2000)],
    ['matrix', { weights: 'dense' }, pick(4096, 2048), pick(200, 40)],
    ['pseudo-inverse', { learning: 'pseudoinverse' }, pick(4096, 1024), pick(1000, 100)],
    ['covariance', { learning: 'covariance' }, pick(4096, 1024), pick(2000, 200)],
    ['sequence', { learning: 'sequence' }, pick(4096, 1024), pick(2000, 200)],
    ['palimpsest', { learning: { kind: 'palimpsest', decay: 0.99 } }, pick(4096, 1024), pick(2000, 200)],
    ['bits', { learning: 'clipped' }, pick(4096, 1024), pick(400, 80)],
    ['storkey', { learning: 'storkey' }, pick(2048, 512), pick(20, 5)],
    ['perceptron', { learning: 'perceptron' }, pick(2048, 256), pick(200, 20)],
    ['minimal-overlap', { learning: 'minimal-overlap' }, pick(2048, 256), pick(200, 20)],
    ['daydreaming', { learning: { kind: 'daydreaming', dreams: 20 } }, pick(2048, 256), pick(50, 10)],
    ['connections', { connections: { kind: 'random', degree: 100 } }, pick(20_000, 2000), pick(100, 20)],
  ]
  for (const [form, options, neurons, count] of forms) {
    const some = once(() => patterns(count, neurons))
    const make = (more = {}) => new HopfieldNetwork({ neurons, backend, ...options, ...more })
    const stored = () => make().store(some())
    const cue = once(() => bytes(1, neurons))
    const cues = once(() => bytes(64, neurons))
    for (const dynamics of ['asynchronous', 'synchronous']) {
      const how = `${form}, ${dynamics}: `
      door(`${how}one recallAsync`, () => {
        const net = stored()
        return (limits) => net.recallAsync(cue(), { dynamics, maxSweeps: 3, ...limits })
      })
      door(`${how}recallAsync at a temperature`, () => {
        const net = stored()
        const plan = { dynamics, maxSweeps: 1000, temperature: 0.5 }
        return (limits) => net.recallAsync(cues(), { ...plan, ...limits })
      })
    }
    door(`${form}: sampleAsync`, () => {
      const net = stored()
      return (limits) => net.sampleAsync(cues(), { temperature: 0.5, ...limits })
    })
    door(`${form}: nearestAsync`, () => {
      const net = stored()
      return (limits) => net.nearestAsync(cues(), limits)
    })
    door(`${form}: classifyAsync`, () => {
      const net = stored()
      return (limits) => net.classifyAsync(cue(), limits)
    })
    door(`${form}: storeAsync`, () => {
      const net = make()
      return (limits) => net.storeAsync(some(), limits)
    })
    door(`${form}: storeAsync of more`, () => {
      const net = stored()
      const more = patterns(Math.min(count, 64), neurons, 3)
      return (limits) => net.storeAsync(more, limits)
    })
    door(`${form}: shareAsync`, () => {
      const net = stored()
      return (limits) => net.shareAsync(limits)
    })
    const path = join(folder, `${form}.safetensors`)
    door(`${form}: save`, () => {
      const net = stored()
      return (limits) => net.save(path, limits)
    })
    const saved = once(() => stored().save(path))
    for (const [how, loading] of [
      ['read', {}],
      ['mapped', { mmap: true }],
      ['mapped and verified', { mmap: true, verify: true }],
    ]) {
      door(`${form}: load, ${how}`, async () => {
        await saved()
        return (limits) => load(path, { backend, ...loading, ...limits })
      })
    }
    for (const [what, ask] of [
      ['recallAsync', (net, limits) => net.recallAsync(cue(), { maxSweeps: 3, ...limits })],
      ['nearestAsync', (net, limits) => net.nearestAsync(cues(), limits)],
      ['classifyAsync', (net, limits) => net.classifyAsync(cue(), limits)],
      ['sampleAsync', (net, limits) => net.sampleAsync(cue(), { temperature: 0.5, ...limits })],
      ['storeAsync', (net, limits) => net.storeAsync(bytes(1, neurons), limits)],
      ['shareAsync', (net, limits) => net.shareAsync(limits)],
      ['save', (net, limits) => net.save(`${path}.again`, limits)],
    ]) {
      door(`${form}, mapped: first ${what}`, async () => {
        await saved()
        const net = await load(path, { backend, mmap: true })
        return (limits) => ask(net, limits)
      })
    }
    door(`${form}: RecallBatcher`, () => {
      const batcher = new RecallBatcher(stored(), { maxWait: 1 })
      const one = cue()
      return (limits) =>
        Promise.all(Array.from({ length: 200 }, () => batcher.recall(one, { signal: limits.signal })))
    })
    door(`${form}: basinAsync`, () => {
      const net = stored()
      return (limits) => basinAsync(net, { noise: [0.1, 0.2], trials: 50, ...limits })
    })
    door(`${form}: retrievalErrorsAsync`, () => {
      const net = stored()
      return (limits) => retrievalErrorsAsync(net, { noise: 0.1, trials: 50, ...limits })
    })
    door(`${form}: overlapsBatchAsync`, () => {
      const net = stored()
      return (limits) => net.overlapsBatchAsync(cues(), limits)
    })
    door(`${form}: energyBatchAsync`, () => {
      const net = stored()
      return (limits) => net.energyBatchAsync(cues(), limits)
    })
  }

  // What comes from outside, and what is given along with it.
  const [n, p] = [pick(1024, 256), pick(1_000_000, 20_000)]
  const many = once(() => patterns(p, n))
  // Nobody keeps them: the collector would look at a million strings of this program's in every door behind.
  const ids = (count = p) => Array.from({ length: count }, (_, k) => `pattern ${k}`)
  const named = () => new HopfieldNetwork({ neurons: n, backend }).store(many(), { ids: ids() })
  door('ids: storeAsync', () => {
    const net = new HopfieldNetwork({ neurons: n, backend })
    many()
    const given = ids()
    return (limits) => net.storeAsync(many(), { ids: given, ...limits })
  })
  const path = join(folder, 'ids.safetensors')
  door('ids: save', () => {
    const net = named()
    return (limits) => net.save(path, limits)
  })
  const saved = once(() => named().save(path))
  for (const mmap of [false, true]) {
    door(`ids: load, ${mmap ? 'mapped' : 'read'}`, async () => {
      await saved()
      return (limits) => load(path, { backend, mmap, ...limits })
    })
  }
  door('ids: shareAsync', () => {
    const net = named()
    return (limits) => net.shareAsync(limits)
  })
  door('ids: nearestAsync', () => {
    const net = named()
    return (limits) => net.nearestAsync(bytes(64, n), limits)
  })
  for (const [what, ask] of [
    ['nearestAsync', (net, limits) => net.nearestAsync(bytes(64, n), limits)],
    ['storeAsync', (net, limits) => net.storeAsync(bytes(1, n), { ids: ['one more'], ...limits })],
    ['shareAsync', (net, limits) => net.shareAsync(limits)],
    ['save', (net, limits) => net.save(`${path}.again`, limits)],
  ]) {
    door(`ids, mapped: first ${what}`, async () => {
      await saved()
      const net = await load(path, { backend, mmap: true })
      return (limits) => ask(net, limits)
    })
  }
  // As many ids as in the addon's rows above, of small patterns.
  const few = once(() => patterns(1_000_000, 8))
  const million = () => ids(1_000_000)
  door('a million ids: storeAsync', () => {
    const net = new HopfieldNetwork({ neurons: 8, backend })
    few()
    const given = million()
    return (limits) => net.storeAsync(few(), { ids: given, ...limits })
  })
  for (const [what, before] of [
    ['the first id', undefined],
    ['one id more', million],
  ]) {
    door(`a million patterns: storeAsync of ${what}`, () => {
      const net = new HopfieldNetwork({ neurons: 8, backend }).store(few(), { ids: before?.() })
      return (limits) => net.storeAsync(bytes(1, 8), { ids: ['one more'], ...limits })
    })
  }
  door('few neurons: fixedPointsAsync', () => {
    const net = new HopfieldNetwork({ neurons: 20, backend }).store(patterns(2, 20))
    return (limits) => fixedPointsAsync(net, limits)
  })
  for (const [what, values] of [
    ['bytes', () => bytes(pick(64_000, 8000), n)],
    ['numbers', () => Array.from(bytes(pick(8000, 2000), n))],
    ['rows', () => Array.from({ length: pick(8000, 2000) }, (_, b) => bytes(1, n, b))],
  ]) {
    const given = once(values)
    door(`${what}: recallAsync`, () => {
      const net = new HopfieldNetwork({ neurons: n, backend }).store(patterns(20, n))
      given()
      return (limits) => net.recallAsync(given(), limits)
    })
    door(`${what}: sampleAsync`, () => {
      const net = new HopfieldNetwork({ neurons: n, backend }).store(patterns(20, n))
      given()
      return (limits) => net.sampleAsync(given(), { temperature: 0.5, samples: 2, burnIn: 1, ...limits })
    })
    door(`${what}: storeAsync`, () => {
      const net = new HopfieldNetwork({ neurons: n, backend })
      given()
      return (limits) => net.storeAsync(given(), limits)
    })
    door(`${what}: nearestAsync`, () => {
      const net = new HopfieldNetwork({ neurons: n, backend }).store(patterns(20, n))
      given()
      return (limits) => net.nearestAsync(given(), limits)
    })
  }
  door('grown: recallAsync after refresh', () => {
    const writer = new HopfieldNetwork({ neurons: n, backend }).store(many())
    const reader = HopfieldNetwork.fromShared(writer.share({ room: p + 10 }), { backend })
    writer.store(patterns(10, n, 5))
    reader.refresh()
    return (limits) => reader.recallAsync(bytes(1, n), { maxSweeps: 2, ...limits })
  })
  door('grown: shareAsync with room', () => {
    const writer = new HopfieldNetwork({ neurons: n, backend }).store(many())
    return (limits) => writer.shareAsync({ room: p + 10, ...limits })
  })

  // Functions of the overlap.
  {
    const [neurons, count] = [pick(1024, 512), pick(100_000, 4000)]
    const some = once(() => patterns(count, neurons))
    const stored = () =>
      new DenseAssociativeMemory({
        neurons,
        backend,
        interaction: { kind: 'exponential', beta: 0.5 },
      }).store(some())
    const cues = once(() => bytes(64, neurons))
    for (const dynamics of ['asynchronous', 'synchronous']) {
      door(`interaction, ${dynamics}: recallAsync`, () => {
        const memory = stored()
        return (limits) => memory.recallAsync(cues(), { dynamics, maxSweeps: 3, ...limits })
      })
    }
    door('interaction: storeAsync', () => {
      const memory = stored()
      return (limits) => memory.storeAsync(cues(), limits)
    })
    const dense = join(folder, 'interaction.safetensors')
    const kept = once(() => stored().save(dense))
    door('interaction, mapped: first recallAsync', async () => {
      await kept()
      const memory = await load(dense, { backend, mmap: true })
      return (limits) => memory.recallAsync(cues(), { maxSweeps: 3, ...limits })
    })
    door('interaction: shareAsync', () => {
      const memory = stored()
      return (limits) => memory.shareAsync(limits)
    })
    door('interaction: load', async () => {
      await kept()
      return (limits) => load(dense, { backend, ...limits })
    })
  }

  // Real vectors.
  {
    const [dimension, count] = [pick(512, 64), pick(50_000, 5000)]
    const keys = once(() => reals(count * dimension))
    const queries = once(() => reals(pick(2000, 200) * dimension))
    for (const [what, options] of [
      ['sharp', { beta: 8 }],
      ['soft', { beta: 0.01 }],
      ['cosine', { beta: 8, similarity: 'cosine' }],
      ['sparsemax', { beta: 0.01, separation: 'sparsemax' }],
      ['entmax15', { beta: 0.01, separation: 'entmax15' }],
    ]) {
      const make = () => new ModernHopfield({ dimension, backend, ...options })
      const stored = () => make().store(keys())
      door(`keys, ${what}: one recallAsync`, () => {
        const memory = stored()
        return (limits) => memory.recallAsync(queries().subarray(0, dimension), limits)
      })
      door(`keys, ${what}: recallAsync`, () => {
        const memory = stored()
        queries()
        return (limits) => memory.recallAsync(queries(), { maxSteps: 100, tolerance: 0, ...limits })
      })
      door(`keys, ${what}: topAsync`, () => {
        const memory = stored()
        queries()
        return (limits) => memory.topAsync(queries(), 10, limits)
      })
      door(`keys, ${what}: topAsync of all`, () => {
        const memory = stored()
        return (limits) => memory.topAsync(queries().subarray(0, dimension), count, limits)
      })
      door(`keys, ${what}: storeAsync`, () => {
        const memory = make()
        keys()
        return (limits) => memory.storeAsync(keys(), limits)
      })
      for (const measure of ['overlapsBatchAsync', 'energyBatchAsync']) {
        door(`keys, ${what}: ${measure}`, () => {
          const memory = stored()
          const some = queries().subarray(0, 64 * dimension)
          return (limits) => memory[measure](some, limits)
        })
      }
      const at = join(folder, `${what}.safetensors`)
      const kept = once(() => stored().save(at))
      for (const [first, ask] of [
        ['recallAsync', (memory, limits) => memory.recallAsync(queries().subarray(0, dimension), limits)],
        ['topAsync', (memory, limits) => memory.topAsync(queries().subarray(0, dimension), 3, limits)],
        ['storeAsync', (memory, limits) => memory.storeAsync(queries().subarray(0, dimension), limits)],
        ['shareAsync', (memory, limits) => memory.shareAsync(limits)],
        ['save', (memory, limits) => memory.save(`${at}.again`, limits)],
      ]) {
        door(`keys, ${what}, mapped: first ${first}`, async () => {
          await kept()
          const memory = await load(at, { backend, mmap: true })
          return (limits) => ask(memory, limits)
        })
      }
      door(`keys, ${what}: load`, async () => {
        await kept()
        return (limits) => load(at, { backend, ...limits })
      })
      door(`keys, ${what}: shareAsync`, () => {
        const memory = stored()
        return (limits) => memory.shareAsync(limits)
      })
    }
  }

  // Pairs, codes, graded neurons.
  {
    const [inputs, outputs, count] = [pick(4096, 1024), pick(4096, 1024), pick(20_000, 500)]
    const [xs, ys] = [once(() => patterns(count, inputs)), once(() => patterns(count, outputs, 3))]
    const stored = () => new BidirectionalMemory({ inputs, outputs, backend }).store(xs(), ys())
    const cues = once(() => ({ xs: bytes(200, inputs, 4) }))
    door('pairs: recallAsync', () => {
      const memory = stored()
      return (limits) => memory.recallAsync(cues(), limits)
    })
    door('pairs: storeAsync', () => {
      const memory = new BidirectionalMemory({ inputs, outputs, backend })
      xs()
      ys()
      return (limits) => memory.storeAsync(xs(), ys(), limits)
    })
    const at = join(folder, 'pairs.safetensors')
    const kept = once(() => stored().save(at))
    door('pairs, mapped: first recallAsync', async () => {
      await kept()
      const memory = await load(at, { backend, mmap: true })
      return (limits) => memory.recallAsync(cues(), limits)
    })
    door('pairs: load', async () => {
      await kept()
      return (limits) => load(at, { backend, ...limits })
    })
    door('pairs: shareAsync', () => {
      const memory = stored()
      return (limits) => memory.shareAsync(limits)
    })
  }
  for (const rule of ['willshaw', { kind: 'tsodyks-feigelman', activity: 0.002 }]) {
    const name = typeof rule === 'string' ? rule : rule.kind
    const [units, active, count] = [pick(20_000, 5000), 40, pick(40_000, 5000)]
    const codes = once(() => randomCodes({ count, neurons: units, active }))
    const make = () => new SparseAssociativeMemory({ neurons: units, rule, backend })
    const stored = () => make().store(codes())
    const cues = once(() => randomCodes({ count: 2000, neurons: units, active, seed: 9 }))
    door(`codes, ${name}: recallAsync`, () => {
      const memory = stored()
      cues()
      return (limits) => memory.recallAsync(cues(), { winners: active, ...limits })
    })
    door(`codes, ${name}: storeAsync`, () => {
      const memory = make()
      codes()
      return (limits) => memory.storeAsync(codes(), limits)
    })
    const at = join(folder, `${name}.safetensors`)
    const kept = once(() => stored().save(at))
    door(`codes, ${name}, mapped: first recallAsync`, async () => {
      await kept()
      const memory = await load(at, { backend, mmap: true })
      return (limits) => memory.recallAsync(cues(), { winners: active, ...limits })
    })
    door(`codes, ${name}: load`, async () => {
      await kept()
      return (limits) => load(at, { backend, ...limits })
    })
    door(`codes, ${name}: save`, () => {
      const memory = stored()
      return (limits) => memory.save(at, limits)
    })
    door(`codes, ${name}: shareAsync`, () => {
      const memory = stored()
      return (limits) => memory.shareAsync(limits)
    })
  }
  {
    const neurons = pick(2048, 512)
    const stored = () => new ContinuousHopfield({ neurons, backend }).store(patterns(50, neurons))
    const cues = once(() => Float64Array.from(reals(64 * neurons)))
    door('graded: recallAsync', () => {
      const memory = stored()
      cues()
      return (limits) => memory.recallAsync(cues(), { tolerance: 0, maxSteps: 100_000, ...limits })
    })
    door('graded: storeAsync', () => {
      const memory = new ContinuousHopfield({ neurons, backend })
      return (limits) => memory.storeAsync(patterns(50, neurons), limits)
    })
    door('graded: shareAsync', () => {
      const memory = stored()
      return (limits) => memory.shareAsync(limits)
    })
    const at = join(folder, 'graded.safetensors')
    const kept = once(() => stored().save(at))
    door('graded, mapped: first recallAsync', async () => {
      await kept()
      const memory = await load(at, { backend, mmap: true })
      return (limits) => memory.recallAsync(cues().subarray(0, neurons), { maxSteps: 10, ...limits })
    })
    door('graded: load', async () => {
      await kept()
      return (limits) => load(at, { backend, ...limits })
    })
  }
  return [...list, ...solverDoors(backend), ...experimentDoors(backend)]
}

const SCHEDULER = `/proc/self/task/${process.pid}/schedstat`
const word = new Int32Array(new SharedArrayBuffer(4))

/** Milliseconds that this thread has computed. The system counts them when the thread rests, so it does, for a moment. */
function computed() {
  if (!existsSync(SCHEDULER)) return performance.now()
  Atomics.wait(word, 0, 0, 0.01)
  return Number(readFileSync(SCHEDULER, 'latin1').split(' ', 1)[0]) / 1e6
}

/** Milliseconds that each thread of this process has waited for a processor, this one's first. */
function waits() {
  if (!existsSync(SCHEDULER)) return new Map()
  const threads = readdirSync('/proc/self/task').map((thread) => {
    const at = `/proc/self/task/${thread}/schedstat`
    // Threads may end meanwhile.
    return [thread, existsSync(at) ? Number(readFileSync(at, 'latin1').split(' ', 2)[1]) / 1e6 : 0]
  })
  return new Map(threads)
}

/** Milliseconds since `before` in which an answer may have waited for a processor: it goes through this thread and one more at a time. */
function waited(before) {
  let [own, most] = [0, 0]
  for (const [thread, wait] of waits()) {
    const since = wait - (before.get(thread) ?? 0)
    if (thread === String(process.pid)) own = since
    else most = Math.max(most, since)
  }
  return own + most
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

/** Lets go of what was there before: giving back its pages takes longer than most turns, and threads beside this one do it. */
async function tidy() {
  collect()
  for (let k = 0; k < 50; k++) {
    const before = process.cpuUsage()
    await sleep(20)
    const { user, system } = process.cpuUsage(before)
    if (user + system < 2000) return
  }
}

/** The longest turn of the event loop until a call has settled or was stopped. */
async function longestTurn(call) {
  const stop = new AbortController()
  await tidy()
  let [longest, done, last] = [0, false, computed()]
  const sample = () => {
    const now = computed()
    longest = Math.max(longest, now - last)
    last = now
    if (!done) setTimeout(sample, 0)
  }
  setTimeout(sample, 0)
  const timer = setTimeout(() => stop.abort(), LONGEST)
  await call({ signal: stop.signal, onProgress: () => {} }).catch((error) => {
    if (error !== stop.signal.reason) throw error
  })
  clearTimeout(timer)
  done = true
  sample()
  return longest
}

/** Milliseconds from an abort to its answer; undefined where the call was done before. */
async function answer(call, after) {
  const stop = new AbortController()
  await tidy()
  let settled = false
  const running = call({ signal: stop.signal }).then(
    () => {
      settled = true
    },
    (error) => {
      settled = true
      if (error !== stop.signal.reason) throw error
    },
  )
  await sleep(after)
  if (settled) return undefined
  const [before, from] = [waits(), performance.now()]
  stop.abort()
  await running
  const took = performance.now() - from
  return Math.max(took - waited(before), 0)
}

const ms = (value) => (value === undefined ? 'done before' : value.toFixed(1))

export async function run(report) {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-turns-'))
  const wanted = process.env.HOPFIELD_TURNS ?? ''
  try {
    // The backend that computes by default, and TypeScript; HOPFIELD_BACKEND=wasm asks for WebAssembly.
    for (const backend of new Set([backendInfo().name, 'typescript'])) {
      report.text(`## Longest turns and latest answers, ${backend}, ms\n`)
      const rows = []
      for (const [name, prepare] of doors(backend, folder)) {
        if (!`${backend}: ${name}`.includes(wanted)) continue
        let turn = Number.POSITIVE_INFINITY
        for (let k = 0; k < ATTEMPTS && turn > 5; k++) {
          turn = Math.min(turn, await longestTurn(await prepare()))
        }
        let abort
        for (const after of ABORTS) {
          let best
          for (let k = 0; k < ATTEMPTS && !(best <= 10); k++) {
            const took = await answer(await prepare(), after)
            if (took === undefined) break
            best = Math.min(best ?? took, took)
          }
          if (best === undefined) break
          abort = Math.max(abort ?? 0, best)
        }
        report.json({ question: 'turns', backend, name, turn, abort })
        rows.push([name, ms(turn), ms(abort), turn > 10 || abort > 20 ? 'LATE' : ''])
        if (process.env.HOPFIELD_TURNS_LOUD) console.log(backend, ...rows.at(-1))
      }
      report.text(`${table(['call', 'longest turn', 'answer to an abort', ''], rows)}\n`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
