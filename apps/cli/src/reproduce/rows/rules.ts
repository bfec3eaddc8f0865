import { basinAsync, type LearningRule, perceptronCapacity, randomPatterns } from 'hopfield-native'
import { exactly, extrapolated, mean, share } from '../estimates.js'
import type { Lab } from '../lab.js'
import { average, fixedShare, loaded, overlap } from '../networks.js'
import type { Estimate, Family, Row } from '../row.js'

function storkey(neurons: number, count: number, value: number, error: number): Row {
  return {
    id: `rules.storkey-${neurons}-${count}`,
    claim: `Storkey's rule keeps this share of ${count} patterns in ${neurons} neurons without an error`,
    source: 'Storkey 1997; measured by an independent program',
    published: { value, error },
    rule: 'equal within four standard errors of both',
    async measure(lab) {
      const networks = lab.pick(Math.round(200_000 / neurons), Math.round(10_000 / neurons))
      const values = await lab.over(networks, async (seed) => {
        const { network, patterns } = await loaded(lab, {
          neurons,
          count,
          seed,
          learning: { kind: 'storkey' },
        })
        return fixedShare(lab, network, patterns)
      })
      return {
        ours: mean(values, 1 / (networks * count)),
        size: `N = ${neurons}, P = ${count}, ${networks} networks`,
      }
    },
  }
}

/** Share of patterns that come back exactly from this share of flips. */
async function recalled(
  lab: Lab,
  { neurons, count, noise, networks }: { neurons: number; count: number; noise: number; networks: number },
  learning: LearningRule,
): Promise<number[]> {
  return lab.over(networks, async (seed) => {
    const { network } = await loaded(lab, { neurons, count, seed, learning })
    const patterns = Array.from({ length: Math.min(count, 20) }, (_, mu) => mu)
    return (await basinAsync(network, { noise: [noise], patterns, seed, ...lab.limits })).probability[0]
  })
}

function projection(selfWeights: boolean, value: number, error: number): Row {
  const diagonal = selfWeights ? 'with its diagonal recalls none' : 'without its diagonal recalls .979'
  return {
    id: `rules.pseudo-inverse-${selfWeights ? 'diagonal' : 'zeroed'}`,
    claim: `the pseudo-inverse ${diagonal} of 100 patterns in 200 neurons where each neuron is flipped with probability .05`,
    source: 'Kanter and Sompolinsky 1987; measured by an independent program',
    published: { value, error, rounding: 0.0005 },
    rule: 'equal within four standard errors of both, and half of the last of three digits',
    ...(selfWeights
      ? {
          failure:
            'some cues with few flips do come back: a neuron that tells itself J_ii = ½ is on the brink where it alone is wrong; the source prints 0 for next to none',
        }
      : {}),
    async measure(lab) {
      const [neurons, count] = [200, 100]
      const networks = lab.pick(200, 20)
      const learning = { kind: 'pseudoinverse' } as const
      const values = await lab.over(networks, async (seed) => {
        const { network, patterns } = await loaded(lab, { neurons, count, seed, learning }, { selfWeights })
        const flipped = randomPatterns({ neurons, count, activity: 0.05, seed: seed + (1n << 60n) })
        const cues = patterns.map((s, i) => (flipped[i] > 0 ? -s : s))
        const { states } = await network.recallAsync(cues, { dynamics: 'synchronous', ...lab.limits })
        return average(
          Array.from({ length: count }, (_, mu) => Number(overlap(states, patterns, neurons, mu) === 1)),
        )
      })
      return { ours: share(values), size: `N = 200, P = 100, ${networks} networks` }
    },
  }
}

const exactProjection: Row = {
  id: 'rules.pseudo-inverse-fixed',
  claim: 'the pseudo-inverse keeps 0.9 N patterns, however correlated, without an error',
  source: 'Personnaz, Guyon and Dreyfus 1985',
  published: { value: 1 },
  rule: 'exact: every pattern of every network is a fixed point',
  async measure(lab) {
    const networks = lab.pick(100, 10)
    const values = await lab.over(networks, async (seed) => {
      const learning = { kind: 'pseudoinverse', dependent: 'skip' } as const
      const { network } = await loaded(
        lab,
        { neurons: 200, count: 180, seed, learning },
        { selfWeights: true },
      )
      return fixedShare(lab, network, network.patterns())
    })
    return { ours: exactly(Math.min(...values)), size: `N = 200, P = 180, ${networks} networks` }
  },
}

const trace: Row = {
  id: 'rules.pseudo-inverse-trace',
  claim: 'the projection on P independent patterns has the trace P',
  source: 'Personnaz, Guyon and Dreyfus 1985: J is a projector',
  published: { value: 60, rounding: 1e-9 },
  rule: 'exact but for rounding: within 1e-9',
  async measure(lab) {
    const { network } = await loaded(
      lab,
      { neurons: 200, count: 60, seed: lab.seed, learning: { kind: 'pseudoinverse' } },
      { selfWeights: true },
    )
    const weights = network.weights({ normalize: true })
    let sum = 0
    for (let i = 0; i < 200; i++) sum += weights[i * 201]
    return { ours: exactly(sum), size: 'N = 200, P = 60, one network' }
  },
}

/** Cover 1965: P(P random dichotomies of n inputs are separable) = 2^(1−P) Σ_{k<n} C(P − 1, k). */
function separable(count: number, inputs: number): number {
  let [term, sum] = [1, 0]
  for (let k = 0; k < inputs; k++) {
    sum += term
    term *= (count - 1 - k) / (k + 1)
  }
  return sum / 2 ** (count - 1)
}

function perceptron(load: number): Row {
  const inputs = 20
  const count = Math.round(load * inputs)
  return {
    id: `rules.perceptron-${load}`,
    claim:
      load === 2
        ? 'at 2N patterns, Gardner’s limit, half of all neurons can learn theirs'
        : `at ${load} N patterns this share of neurons can learn theirs`,
    source: 'Cover 1965; Gardner 1988: α_c = 2',
    published: { value: separable(count, inputs) },
    rule: 'Cover’s count is exact for any size: equal within four standard errors; a neuron that has not learned in 100,000 epochs counts as one that cannot',
    async measure(lab) {
      const networks = lab.pick(40, 4)
      const values = await lab.over(networks, async (seed) => {
        const learning = { kind: 'perceptron', maxEpochs: lab.pick(100_000, 20_000) } as const
        const { network } = await loaded(lab, { neurons: inputs + 1, count, seed, learning })
        return average(
          (network.learningReport?.epochs ?? new Uint32Array(1)).map((epoch) => Number(epoch > 0)),
        )
      })
      return { ours: share(values), size: `N = ${inputs + 1}, P = ${count}, ${networks} networks` }
    },
  }
}

/** κ at which weights can just be found: α_c(κ) = α. */
function gardner(alpha: number): number {
  let [low, high] = [0, 10]
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2
    if (perceptronCapacity(middle) > alpha) low = middle
    else high = middle
  }
  return low
}

function stability(alpha: number): Row {
  return {
    id: `rules.minimal-overlap-${alpha}`,
    claim: `at load ${alpha} the best stability κ of any weights is Gardner’s`,
    source: 'Gardner 1988; Krauth and Mézard 1987',
    published: { value: gardner(alpha) },
    rule: 'each neuron shuts its own best κ in between what it reached and the bound that it proves; three sizes, a straight line in 1/N for each end; the interval reaches from the lower line less four standard errors to the upper line and four more',
    async measure(lab) {
      const sizes = lab.pick([50, 100, 200], [20, 40])
      const networks = lab.pick(24, 6)
      const ends: { x: number; y: Estimate }[][] = [[], []]
      for (const inputs of sizes) {
        const learning = { kind: 'minimal-overlap', bound: 30 } as const
        const bounds: number[] = []
        const reached = await lab.over(networks, async (seed) => {
          const count = Math.round(alpha * inputs)
          const { network } = await loaded(lab, { neurons: inputs + 1, count, seed, learning })
          bounds.push(average(network.learningReport?.kappaLimit ?? []))
          return average(network.learningReport?.kappa ?? [])
        })
        ends[0].push({ x: 1 / inputs, y: mean(reached) })
        ends[1].push({ x: 1 / inputs, y: mean(bounds) })
      }
      const [low, high] = ends.map(extrapolated)
      return {
        ours: { value: (low.value + high.value) / 2, low: low.low, high: high.high },
        size: `N − 1 = ${sizes.join(', ')}, ${networks} networks each`,
      }
    },
  }
}

function dreams(kind: 'unlearning' | 'daydreaming', alpha: number, claim: string, source: string): Row {
  return {
    id: `rules.${kind}`,
    claim,
    source,
    published: { value: 0, relation: 'at least' },
    rule: 'share of patterns recalled exactly from 5 % flips, less the share by Hebb’s rule from the same cues: above zero by four standard errors',
    async measure(lab) {
      const networks = lab.pick(30, 4)
      const size = { neurons: 100, count: Math.round(alpha * 100), noise: 0.05, networks }
      const after = await recalled(lab, size, { kind })
      lab.again()
      const before = await recalled(lab, size, { kind: 'hebbian' })
      return {
        ours: mean(after.map((x, k) => x - before[k])),
        size: `N = 100, P = ${size.count}, ${networks} networks`,
      }
    },
  }
}

export const rules: Family = {
  title: 'Learning rules',
  rows: [
    storkey(100, 30, 0.9924, 0.0005),
    storkey(100, 40, 0.884, 0.004),
    storkey(100, 50, 0.612, 0.004),
    storkey(400, 160, 0.76, 0.01),
    storkey(400, 180, 0.534, 0.01),
    projection(false, 0.979, 0.003),
    projection(true, 0, 0),
    exactProjection,
    trace,
    perceptron(1.5),
    perceptron(2),
    perceptron(2.5),
    stability(0.5),
    stability(1),
    dreams(
      'unlearning',
      0.25,
      'unlearning dreams with ε = .01 recalls patterns that Hebb’s rule has lost',
      'Hopfield, Feinstein and Palmer 1983',
    ),
    dreams(
      'daydreaming',
      0.6,
      'daydreaming recalls patterns at loads far above Hebb’s .138',
      'Serricchio et al. 2024',
    ),
  ],
}
