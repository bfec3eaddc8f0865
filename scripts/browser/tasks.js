// What check-browser.mjs has pages and workers do, with the package as it lies in its tarball.
import * as hopfield from './node_modules/hopfield-native/dist/web/index.js'

const { addNoise, fromShared, HopfieldNetwork, randomPatterns } = hopfield

/** Memories of modules, which only their instances name. */
const memories = []
const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given)
    memories.push(this.exports.memory)
  }
}

/** Has a backend compute what is made from now on. */
async function computeOn(backend) {
  if (backend === 'wasm') await hopfield.ready()
  const { name, reason } = hopfield.backend()
  expectThat(name === backend, `it computes in ${name}: ${reason}`)
}

export const tasks = {
  backend: () => hopfield.backend(),

  /** The text of the shared vectors, as a backend computes them. */
  async vectors(backend) {
    await hopfield.ready()
    return (await import(`./vectors-${backend}.js`)).allVectors()
  },

  /** What comes of a memory that another thread shares. */
  async opened({ backend, handle, cues }) {
    await computeOn(backend)
    return fromShared(handle).recallBatch(cues).states
  },

  ready: () => hopfield.ready(),

  /** Never ends. */
  async endless({ backend, handle, bytes, cues }) {
    await computeOn(backend)
    const network = bytes === undefined ? fromShared(handle) : hopfield.fromBytes(bytes)
    network.recallBatch(cues)
    postMessage({ started: true })
    for (;;) network.recallBatch(cues)
  },
}

/** Has a worker do a task. */
export function inWorker(task, given) {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  const answer = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) =>
      data.error === undefined ? resolve(data) : reject(new Error(data.error))
    worker.onerror = ({ message }) => reject(new Error(message || 'the worker could not be loaded'))
  })
  worker.postMessage({ task, given })
  return { worker, answer }
}

function expectThat(holds, message) {
  if (!holds) throw new Error(message)
}

const same = (one, other) => one.length === other.length && one.every((value, k) => value === other[k])

/** What pages alone do. */
export const pageTasks = {
  ...tasks,

  async inWorker({ task, given }) {
    const { worker, answer } = inWorker(task, given)
    const { result } = await answer
    worker.terminate()
    return result
  },

  /** One memory for a page and its workers, one of which dies at work. */
  async share(backend) {
    await computeOn(backend)
    const patterns = randomPatterns({ count: 20, neurons: 400, seed: 1 })
    const cues = addNoise(patterns, { noise: 0.1, seed: 2 })
    const network = new HopfieldNetwork({ neurons: 400 }).store(patterns)
    const expected = network.recallBatch(cues).states
    const handle = network.share()
    const { worker, answer } = inWorker('endless', { backend, handle, cues })
    await answer
    worker.terminate()
    const other = inWorker('opened', { backend, handle, cues })
    const { result } = await other.answer
    other.worker.terminate()
    expectThat(same(result, expected), 'a worker recalls something else from shared memory')
    expectThat(
      same(network.recallBatch(cues).states, expected),
      'the page recalls something else than before',
    )
    return 'one memory for a page and its workers'
  },

  /** The code of the error where no memory is shared, and the same memory as bytes. */
  async shareNothing(backend) {
    await computeOn(backend)
    const network = new HopfieldNetwork({ neurons: 40 }).store(
      randomPatterns({ count: 3, neurons: 40, seed: 1 }),
    )
    try {
      network.share()
    } catch ({ code }) {
      expectThat(same(hopfield.fromBytes(network.toBytes()).toBytes(), network.toBytes()), 'bytes differ')
      return code
    }
    return 'shared'
  },

  /** Workers that die in the middle of their work, with copies of a memory: the page and the others go on. */
  async death(backend) {
    await computeOn(backend)
    const patterns = randomPatterns({ count: 20, neurons: 400, seed: 1 })
    const cues = addNoise(patterns, { noise: 0.1, seed: 2 })
    const network = new HopfieldNetwork({ neurons: 400 }).store(patterns)
    const expected = network.recallBatch(cues).states
    for (let k = 0; k < 5; k++) {
      const { worker, answer } = inWorker('endless', { backend, bytes: network.toBytes(), cues })
      await answer
      const beside = network.recallAsync(cues)
      worker.terminate()
      expectThat(same((await beside).states, expected), 'the page recalls something else')
    }
    return '5 of them, and the page recalls as before'
  },

  /** What the page is told where long calls find no worker; they are made all the same. */
  async refused() {
    await computeOn('wasm')
    const told = []
    const { warn } = console
    console.warn = (text) => told.push(text)
    const patterns = randomPatterns({ count: 100, neurons: 2000, seed: 1 })
    const network = new HopfieldNetwork({ neurons: 2000 }).store(patterns)
    const cues = addNoise(patterns, { noise: 0.1, seed: 2 })
    for (let k = 0; k < 2; k++) {
      const { states } = await network.recallAsync(cues)
      expectThat(same(states, network.recallBatch(cues).states), 'the page recalls something else')
    }
    console.warn = warn
    return told
  },

  /** How often the page had a turn while an asynchronous recall ran. */
  async turns() {
    const patterns = randomPatterns({ count: 100, neurons: 2000, seed: 1 })
    const network = new HopfieldNetwork({ neurons: 2000 }).store(patterns)
    let turns = 0
    const timer = setInterval(() => turns++, 5)
    await network.recallAsync(addNoise(patterns, { noise: 0.2, seed: 2 }))
    clearInterval(timer)
    return turns
  },

  /**
   * Recalls, and memories that are made and dropped.
   * @returns bytes of the module's memory; 0 without a module.
   */
  async churn({ backend, recalls, memories: count }) {
    await computeOn(backend)
    const patterns = randomPatterns({ count: 4, neurons: 64, seed: 1 })
    const cue = addNoise(patterns.subarray(0, 64), { count: 5, seed: 2 })
    const network = new HopfieldNetwork({ neurons: 64 }).store(patterns)
    for (let k = 0; k < recalls; k++) network.recall(cue)
    for (let k = 0; k < count; k++) {
      const dense = new HopfieldNetwork({ neurons: 2000, weights: 'dense' })
      const pair = randomPatterns({ count: 2, neurons: 2000, seed: k })
      dense.store(pair).recall(pair.subarray(0, 2000), { dynamics: 'synchronous' })
      // What has been dropped is settled between turns.
      await new Promise((resolve) => setTimeout(resolve))
    }
    return memories.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0)
  },
}
