import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as entry from '../../src/classic.js'
import { HopfieldNetwork } from '../../src/index.js'
import { loadWasmModule } from '../../src/platform/node/wasm-file.js'

const WEB = fileURLToPath(new URL('../../dist/web', import.meta.url))
const classic: typeof entry = await import(join(WEB, 'classic/classic.js'))
const whole: typeof entry = await import(join(WEB, 'index.js'))

const [N, P] = [100, 7]
const patterns = entry.randomPatterns({ count: P, neurons: N, seed: 1 })
const cues = entry.addNoise(patterns, { noise: 0.3, seed: 2 })
const cue = cues.slice(0, N)
const field = Float64Array.from({ length: N }, (_, i) => Math.sin(i))

type Network = HopfieldNetwork
type Call = (net: Network) => unknown

const made = ({ HopfieldNetwork }: typeof entry, options = {}): Network =>
  new HopfieldNetwork({ neurons: N, ...options }).store(patterns)

/** What the entry has: the same bits as in the whole class. */
const THERE: { readonly [what: string]: Call } = {
  recall: (net) => net.recall(cue, { seed: 3 }),
  'recall, synchronous': (net) => net.recall(cue, { dynamics: 'synchronous', tie: 'positive' }),
  'recall in an order': (net) => net.recall(cue, { order: [3, 1, 2], maxSweeps: 4 }),
  'recall, traced': (net) => net.recall(cue, { trace: true, externalField: field, clamp: [1, 2, 3] }),
  'recall at a temperature': (net) => net.recall(cue, { temperature: 0.5, maxSweeps: 9, seed: 4 }),
  'recall at no temperature': (net) => net.recall(cue, { temperature: 0 }),
  recallBatch: (net) => net.recallBatch(cues, { seed: 5 }),
  'recallBatch, packed': (net) => net.recallBatch(cues, { packed: true }).states.words,
  recallAsync: (net) => net.recallAsync(cues, { seed: 5 }),
  overlaps: (net) => net.overlaps(cue),
  energy: (net) => net.energy(cue, { externalField: field }),
  localField: (net) => net.localField(cue),
  isFixedPoint: (net) => [net.isFixedPoint(cue), net.isFixedPoint(net.pattern(1))],
  weights: (net) => [net.weights(), net.weights({ normalize: true })],
  pattern: (net) => [net.pattern(2), net.patterns().words, net.patternCount, net.alpha],
  replace: (net) => net.replace(1, cue).recall(cue),
  forget: (net) => net.forget(1).forget(0, { swap: true }).recallBatch(cues),
  clear: (net) => net.clear().store(cues).overlaps(cue),
  storeAsync: async (net) => (await net.storeAsync(cues)).recall(cue),
  facts: (net) => [
    net.learning,
    net.symmetric,
    net.meanSources,
    net.ids,
    net.learningReport,
    net.constantField,
  ],
  'wrong arguments': (net) => net.recall(cue.subarray(1)),
  'wrong options': (net) => net.recall(cue, { sweeps: 3 } as object),
}

/** What it is without, by the name that its error begins with. */
const LEFT_OUT: { readonly [what: string]: Call } = {
  nearest: (net) => net.nearest(cues),
  nearestAsync: (net) => net.nearestAsync(cues),
  classify: (net) => net.classify(cue),
  classifyAsync: (net) => net.classifyAsync(cue),
  energyBatch: (net) => net.energyBatch(cues),
  energyBatchAsync: (net) => net.energyBatchAsync(cues),
  overlapsBatch: (net) => net.overlapsBatch(cues),
  overlapsBatchAsync: (net) => net.overlapsBatchAsync(cues),
  sample: (net) => net.sample(cues, { temperature: 1 }),
  sampleAsync: (net) => net.sampleAsync(cues, { temperature: 1 }),
  save: (net) => net.save('kept.safetensors'),
  toBytes: (net) => net.toBytes(),
  share: (net) => net.share(),
  shareAsync: (net) => net.shareAsync(),
  load: () => classic.HopfieldNetwork.load('kept.safetensors'),
  fromBytes: () => classic.HopfieldNetwork.fromBytes(new Uint8Array(8)),
  fromShared: () => classic.HopfieldNetwork.fromShared({} as never),
  'store: ids': (net) => net.store(patterns, { ids: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }),
  'storeAsync: ids': (net) => net.storeAsync(patterns, { ids: [1, 2, 3, 4, 5, 6, 7] }),
  'forget: id': (net) => net.forget({ id: 'a' }),
  'recall: temperature': (net) => net.recall(cue, { temperature: { from: 2, to: 1 } }),
  'recall: out': (net) => net.recall(cue, { out: new Int8Array(net.neurons) }),
  'recallBatch: out': (net) => net.recallBatch(cue, { out: new Int8Array(net.neurons) }),
  'HopfieldNetwork: learning': () => made(classic, { learning: 'storkey' }),
  'HopfieldNetwork: weights': () => made(classic, { weights: 'dense' }),
  'HopfieldNetwork: connections': () => made(classic, { connections: { kind: 'ring', neighbours: 4 } }),
  'HopfieldNetwork: selfWeights': () => made(classic, { selfWeights: true }),
}

/** The answer of a call, or its error, as plain data. */
async function outcome(call: Call, net: Network): Promise<unknown> {
  try {
    const answer = await call(net)
    return structuredClone(typeof answer === 'object' ? { ...answer } : answer)
  } catch (error) {
    const { name, code, message } = error as entry.HopfieldError
    return { name, code, message }
  }
}

describe('the entry classic', () => {
  it('has the whole class in Node', () => {
    expect(entry.HopfieldNetwork).toBe(HopfieldNetwork)
  })

  it('has the same names in pages', () => {
    expect(Object.keys(classic).sort()).toEqual(Object.keys(entry).sort())
  })

  for (const options of [
    {},
    { units: 'binary', normalize: 'none', learning: 'hebbian', weights: 'implicit' },
  ]) {
    it.each(
      Object.entries(THERE),
    )(`has the bits of the whole class: %s, ${JSON.stringify(options)}`, async (_, call) => {
      const expected = await outcome(call, made(whole, options))
      expect(await outcome(call, made(classic, options))).toEqual(expected)
      expect(expected).not.toEqual({})
    })
  }

  it.each(Object.entries(LEFT_OUT))('says that it is without %s, and what to import', async (what, call) => {
    const net = made(classic)
    const error = await outcome(call, net)
    expect(error).toMatchObject({ name: 'HopfieldError', code: 'ERR_HOPFIELD_OPTION' })
    const { message } = error as entry.HopfieldError
    expect(message).toMatch(
      /: hopfield-native\/classic is without it; import HopfieldNetwork from 'hopfield-native'$/,
    )
    const named = message.split(': hopfield-native')[0] as string
    expect(named.startsWith(what) || what.startsWith(named), named).toBe(true)
    // Nothing has changed.
    expect(net.recallBatch(cues)).toEqual(made(classic).recallBatch(cues))
  })

  it('has every method of the class on one side or the other', () => {
    const known = Object.values({ ...THERE, ...LEFT_OUT }).join()
    const names: string[] = []
    for (
      let proto = HopfieldNetwork.prototype as object;
      proto !== Object.prototype;
      proto = Object.getPrototypeOf(proto)
    ) {
      names.push(...Object.getOwnPropertyNames(proto))
    }
    const inner =
      /^(constructor|facts|record|recordMore|external|energiesLater|packed|lease|stable|scale|kernels|named|naming|key|place|add|addAsync|alone|change|changeAsync)$/
    // Of ids, of shared memory, of names that changed.
    const rest = ['idOf', 'indexOf', 'refresh', 'load', 'backend', 'neurons']
    const missed = names.filter(
      (name) => !inner.test(name) && !rest.includes(name) && !known.includes(`.${name}`),
    )
    expect(missed).toEqual([])
  })

  it.skipIf('problem' in loadWasmModule())('computes on the WebAssembly module', async () => {
    const net = made(classic)
    expect(net.backend.name).toBe('typescript')
    const here = net.recallBatch(cues, { seed: 5 })
    expect(await classic.ready()).toMatchObject({ name: 'wasm' })
    const there = made(classic)
    expect(there.backend.name).toBe('wasm')
    expect(there.recallBatch(cues, { seed: 5 })).toEqual(here)
    expect(await there.recallAsync(cues, { seed: 5 })).toEqual(here)
  })
})
