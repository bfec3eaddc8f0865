import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  type AssociativeMemory,
  BidirectionalMemory,
  BoltzmannMachine,
  ContinuousHopfield,
  DenseAssociativeMemory,
  HopfieldError,
  HopfieldNetwork,
  type LearningRuleName,
  learningRules,
  ModernHopfield,
  type PatternKey,
  RandomFeatureMemory,
  RecallBatcher,
  RestrictedBoltzmannMachine,
  randomCodes,
  randomPatterns,
  SparseAssociativeMemory,
} from '../../src/index.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import { refusal, rejection, untyped } from '../helpers/refusal.js'

// What all memories do alike, asked of each of them.

const N = 40
const M = 24
const P = 5
const B = 9
const spins = randomPatterns({ count: P + B, neurons: N, seed: 3 })
const others = randomPatterns({ count: P + B, neurons: M, seed: 4 })
const codes = randomCodes({ count: P + B, neurons: N, active: 6, seed: 5 })
const reals = Float32Array.from({ length: (P + B) * N }, (_, k) => Math.sin(k * k))

const row = <T extends { slice(from: number, to: number): T }>(all: T, k: number, width = N): T =>
  all.slice(k * width, (k + 1) * width)

/** A batch of any memory. */
interface AnyBatch extends Iterable<unknown> {
  readonly count: number
  at(b: number): unknown
  state(b: number): unknown
}

interface Verbs extends AssociativeMemory {
  store(...args: unknown[]): this
  replace(which: PatternKey, ...args: unknown[]): this
  pattern(which: PatternKey): unknown
  recall(cue: unknown, options?: object): unknown
  recallBatch(cues: unknown, options?: object): AnyBatch
  recallAsync(cues: unknown, options?: object): Promise<AnyBatch>
}

interface Kind {
  readonly name: string
  make(backend: Backend): AssociativeMemory
  /** Lesson k, where a memory learns from data and stores no pattern. */
  readonly teach?: (memory: Verbs, k: number) => void
  /** Pattern k as `store` and `replace` take it; P + B there are. */
  pattern(k: number): unknown[]
  /** Cue b, and B of them together. */
  cue(b: number): unknown
  readonly cues: unknown
  /** The options under which cue b alone is recalled as in a batch. */
  readonly alone?: (b: number) => object
  /** A cue that is none, and words of the refusal. */
  readonly bad: readonly [cue: unknown, words: string]
  /** Whether single patterns may be forgotten. */
  readonly forgets: boolean
  /** What util.inspect tells. */
  readonly shows: readonly string[]
}

const bipolarKind = (name: string, shows: string[], make: Kind['make']): Kind => ({
  name,
  make,
  shows,
  pattern: (k) => [row(spins, k)],
  cue: (b) => row(spins, P + b),
  alone: (stream) => ({ stream }),
  cues: spins.slice(P * N),
  bad: [[1, 2], 'cue: expected 40 values'],
  forgets: true,
})

const lesson = spins.slice(0, 3 * N)

/** A machine that learns what is likely: it has no patterns, and no ids. */
function machineKind(
  name: string,
  make: (backend: Backend) => unknown,
  shows: string[],
  teach: Kind['teach'] = (memory, k) => {
    const machine = memory as unknown as BoltzmannMachine
    machine.fit(lesson, { epochs: 2, seed: k })
  },
): Kind {
  return {
    ...bipolarKind(name, shows, (backend) => make(backend) as AssociativeMemory),
    teach,
    alone: () => ({}),
    bad: [[1, 2], 'cue: expected '],
    forgets: false,
  }
}

const rules = learningRules.map(({ kind }) => kind as LearningRuleName)
const KINDS: readonly Kind[] = [
  ...rules.map((learning) =>
    bipolarKind(`HopfieldNetwork, ${learning}`, [`learning: '${learning}'`, 'neurons: 40'], (backend) => {
      // The default of 4·64·P dreams takes long on TypeScript, and changes nothing that is asked here.
      const rule = learning === 'daydreaming' ? ({ kind: learning, dreams: 40 } as const) : learning
      return new HopfieldNetwork({ neurons: N, learning: rule, backend })
    }),
  ),
  bipolarKind('HopfieldNetwork, dense', ['neurons: 40'], (backend) => {
    return new HopfieldNetwork({ neurons: N, weights: 'dense', backend })
  }),
  bipolarKind('HopfieldNetwork, connections', ["form: 'sparse'"], (backend) => {
    const connections = { kind: 'ring', neighbours: 6 } as const
    return new HopfieldNetwork({ neurons: N, connections, backend })
  }),
  bipolarKind('DenseAssociativeMemory', ["interaction: 'polynomial'", "form: 'interaction'"], (backend) => {
    return new DenseAssociativeMemory({ neurons: N, interaction: { kind: 'polynomial', degree: 3 }, backend })
  }),
  {
    ...bipolarKind('ContinuousHopfield', ["form: 'graded'", 'gain: 4'], (backend) => {
      return new ContinuousHopfield({ neurons: N, backend })
    }),
    bad: [[1, 2], 'cue: expected 40 numbers'],
    alone: () => ({}),
  },
  {
    name: 'ModernHopfield',
    make: (backend) => new ModernHopfield({ dimension: N, beta: 2, backend }),
    pattern: (k) => [row(reals, k)],
    cue: (b) => row(reals, P + b),
    cues: reals.slice(P * N),
    bad: [[1, 2], 'query: expected 40 numbers'],
    forgets: true,
    shows: ['dimension: 40', "form: 'keys'"],
  },
  {
    name: 'BidirectionalMemory',
    make: (backend) => new BidirectionalMemory({ inputs: N, outputs: M, backend }),
    pattern: (k) => [row(spins, k), row(others, k, M)],
    cue: (b) => ({ x: row(spins, P + b) }),
    cues: { xs: spins.slice(P * N) },
    bad: [{ x: [1, 2] }, 'cue.x: expected 40 values'],
    forgets: true,
    shows: ['inputs: 40', 'outputs: 24', "form: 'pairs'"],
  },
  ...(['willshaw', { kind: 'tsodyks-feigelman', activity: 6 / N }] as const).map(
    (rule): Kind => ({
      name: `SparseAssociativeMemory, ${typeof rule === 'string' ? rule : rule.kind}`,
      make: (backend) => new SparseAssociativeMemory({ neurons: N, rule, backend }),
      pattern: (k) => [row(codes, k)],
      cue: (b) => row(codes, P + b),
      cues: codes.slice(P * N),
      bad: [[1, 2], 'cue: expected 40 numbers'],
      forgets: rule !== 'willshaw',
      shows: ['neurons: 40', `rule: '${typeof rule === 'string' ? rule : rule.kind}'`],
    }),
  ),
  machineKind(
    'RestrictedBoltzmannMachine',
    (backend) => new RestrictedBoltzmannMachine({ visible: N, hidden: 7, visibleUnits: 'bipolar', backend }),
    ['visible: 40', 'hidden: 7', "form: 'layers'"],
  ),
  machineKind('BoltzmannMachine', (backend) => new BoltzmannMachine({ visible: N, hidden: 2, backend }), [
    'visible: 40',
    'hidden: 2',
    "form: 'couplings'",
  ]),
  machineKind(
    'RandomFeatureMemory',
    (backend) => new RandomFeatureMemory({ dimension: N, frequencies: 200, vectors: 'bipolar', backend }),
    ['dimension: 40', 'frequencies: 200', "form: 'features'"],
    (memory, k) => {
      ;(memory as unknown as RandomFeatureMemory).store(row(spins, k))
    },
  ),
]

for (const backend of BACKENDS) {
  describe.each(KINDS)(`$name, ${backend}`, (kind) => {
    const empty = (): Verbs => kind.make(backend) as unknown as Verbs
    const store = (memory: Verbs, k: number, ...more: unknown[]): Verbs =>
      memory.store(...kind.pattern(k), ...more)
    const full = (): Verbs => {
      const memory = empty()
      for (let k = 0; k < P; k++) {
        if (kind.teach === undefined) store(memory, k, { ids: [`p${k}`] })
        else kind.teach(memory, k)
      }
      return memory
    }
    const all = (memory: Verbs): unknown[] =>
      Array.from({ length: memory.patternCount }, (_, mu) => memory.pattern(mu))
    const lone = (memory: Verbs): unknown[] =>
      Array.from({ length: B }, (_, b) => memory.recall(kind.cue(b), kind.alone?.(b)))

    it('recalls many as it recalls one, at once and later', async () => {
      const memory = full()
      const batch = memory.recallBatch(kind.cues)
      expect(batch.count).toBe(B)
      expect(Array.from(batch)).toEqual(lone(memory))
      expect(batch.at(3)).toEqual(memory.recall(kind.cue(3), kind.alone?.(3)))
      expect(batch.at(3)).toMatchObject(
        kind.name === 'BidirectionalMemory' ? (batch.state(3) as object) : { state: batch.state(3) },
      )
      for (const how of [{}, { threads: 1, chunk: 1 }, { threads: 3, chunk: 2 }]) {
        expect(await memory.recallAsync(kind.cues, how)).toEqual(batch)
      }
    })

    it('recalls what a batcher gathers as it recalls one', async () => {
      const memory = full()
      const batcher = new RecallBatcher(memory, { maxWait: 0 })
      const answers = Array.from({ length: B }, (_, b) =>
        batcher.recall(kind.cue(b) as never, kind.alone?.(b)),
      )
      expect(await Promise.all(answers)).toEqual(lone(memory))
      const error = await rejection(batcher.recall(untyped(kind.bad[0])))
      expect((error as Error).message).toContain(`recall: ${kind.bad[1].replace('query', 'cue')}`)
      await batcher.close()
    })

    it.runIf(kind.teach === undefined)('knows its patterns by index and by id', () => {
      const memory = full()
      expect(memory.ids).toEqual(['p0', 'p1', 'p2', 'p3', 'p4'])
      expect([memory.idOf(2), memory.indexOf('p2'), memory.indexOf('none')]).toEqual(['p2', 2, -1])
      expect(memory.pattern({ id: 'p2' })).toEqual(memory.pattern(2))
      store(memory, P)
      expect([memory.idOf(P), memory.ids?.length]).toEqual([undefined, P + 1])
      expect(memory.clear().ids).toBeUndefined()
      expect(store(memory, 0).idOf(0)).toBeUndefined()
    })

    it.runIf(kind.forgets)('keeps ids with their patterns, whatever is forgotten', () => {
      const memory = full()
      const [, second, , , last] = all(memory)
      memory.forget(0).forget({ id: 'p2' })
      expect(memory.ids).toEqual(['p1', 'p3', 'p4'])
      expect([memory.pattern({ id: 'p1' }), memory.pattern({ id: 'p4' })]).toEqual([second, last])
      expect(store(memory, 0, { ids: ['p0'] }).indexOf('p0')).toBe(3)
    })

    it.runIf(kind.forgets)('replaces a pattern as if another had been stored in its place', () => {
      const memory = full()
      memory.replace({ id: 'p1' }, ...kind.pattern(P)).replace(3, ...kind.pattern(P + 1))
      const expected = empty()
      for (const k of [0, P, 2, P + 1, 4]) store(expected, k)
      expect(all(memory)).toEqual(all(expected))
      // Weights that are learned in rounds depend on how often patterns came.
      if (!/dreaming|unlearning/.test(kind.name)) expect(lone(memory)).toEqual(lone(expected))
      expect(memory.ids).toEqual(['p0', 'p1', 'p2', 'p3', 'p4'])
    })

    it.runIf(kind.teach === undefined)('is as it was after whatever it refuses', () => {
      const memory = full()
      const [patterns, recalled] = [all(memory), lone(memory)]
      const good = kind.pattern(P)
      const short = [[1, 0.5], ...good.slice(1)]
      const bad: [() => unknown, string][] = [
        [() => memory.store(...short), 'store: '],
        [() => memory.store(...good, { ids: ['p1'] }), 'store: ids[0]: expected an id that is not in use'],
        [() => memory.store(...good, { ids: [] }), 'store: ids: expected 1 values'],
        [() => memory.store(...good, { ids: [{}] }), 'store: ids[0]: expected a string or a finite number'],
        [() => memory.store(...good, { names: [] }), 'store: unknown option "names"'],
        [() => memory.forget({ id: 'none' }), 'forget: id: no stored pattern has the id "none"'],
        [() => memory.forget(untyped({})), 'forget: id: expected a string'],
        [() => memory.forget(P), 'forget: index: '],
        [() => memory.replace(untyped('p1'), ...good), 'replace: '],
        [() => memory.replace(0, ...short), 'replace: '],
        [() => memory.recall(kind.bad[0]), `recall: ${kind.bad[1]}`],
        [() => memory.recall(kind.cue(0), { steps: 1 }), 'recall: '],
        [() => memory.recall(kind.cue(0), new Map()), 'recall: expected an options object'],
        [() => memory.recall(kind.cue(0), untyped(null)), 'recall: expected an options object, got null'],
        [() => memory.load, 'load: the load P/N is now called alpha'],
      ]
      for (const [call, words] of bad) expect(refusal(call).message).toContain(words)
      expect([all(memory), lone(memory), memory.ids?.length]).toEqual([patterns, recalled, P])
    })

    it.runIf(kind.teach === undefined)('refuses a change within a change', () => {
      const memory = full()
      const [first] = kind.pattern(P)
      const trap = {
        ids: {
          length: 1,
          get 0() {
            return refusal(() => memory.clear()).code
          },
        },
      }
      memory.store(first, ...kind.pattern(P).slice(1), trap)
      expect(memory.ids?.[P]).toBe('ERR_HOPFIELD_BUSY')
    })

    it('rejects, and never throws', async () => {
      const memory = full()
      const error = await rejection(memory.recallAsync(5))
      expect(error).toBeInstanceOf(HopfieldError)
      expect((error as Error).message).toMatch(/^recallAsync: (cues|queries): /)
      const reason = new Error('enough')
      expect(await rejection(memory.recallAsync(kind.cues, { signal: AbortSignal.abort(reason) }))).toBe(
        reason,
      )
      const done: unknown[] = []
      await memory.recallAsync(kind.cues, { chunk: 4, threads: 1, onProgress: (p: unknown) => done.push(p) })
      expect(done).toEqual(expect.arrayContaining([4, 8, 9].map((k) => ({ done: k, total: B }))))
    })

    it('listens to a signal once, however many calls it stops', async () => {
      const { signal } = new AbortController()
      const memory = full()
      const running = Array.from({ length: 15 }, () => memory.recallAsync(kind.cues, { signal }))
      expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
      await Promise.all(running)
      expect(getEventListeners(signal, 'abort')).toEqual([])
    })

    it('tells what it is', () => {
      const memory = full()
      expect(memory.backend.name).toBe(backend)
      const text = inspect(memory)
      expect(text).toMatch(new RegExp(`^${kind.name.split(',')[0]} \\{`))
      const count = kind.teach === undefined ? [`patternCount: ${P}`] : []
      for (const word of [...kind.shows, ...count, `backend: '${backend}`]) expect(text).toContain(word)
    })
  })
}
