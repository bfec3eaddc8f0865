import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'

const LANES = 6

export function lowestStates(...given: Parameters<typeof lowestStateSteps>): void {
  atOnce(lowestStateSteps(...given))
}

/** Depth first over the variables from the last one down; the first six are lanes, which take each step together. */
export function* lowestStateSteps(
  couplings: Float64Array,
  fields: Float64Array,
  neurons: number,
  fixed: number,
  prefix: number,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const m = Math.min(LANES, neurons)
  const size = 2 ** m
  const spin = (state: number, i: number): 1 | -1 => ((state >>> i) & 1 ? 1 : -1)
  const laneSums = new Float64Array(neurons * size)
  const levels = new Float64Array((neurons + 1) * size)
  for (let l = 0; l < size; l++) {
    for (let d = m; d < neurons; d++) {
      let sum = 0
      for (let j = m - 1; j >= 0; j--) sum += couplings[d * neurons + j] * spin(l, j)
      laneSums[d * size + l] = sum
    }
    let energy = 0
    for (let i = m - 1; i >= 0; i--) {
      let field = fields[i]
      for (let j = m - 1; j > i; j--) field += couplings[i * neurons + j] * spin(l, j)
      energy -= spin(l, i) * field
    }
    levels[neurons * size + l] = energy
  }
  let least = Number.POSITIVE_INFINITY
  let first = 0
  let count = 0
  function* down(d: number, state: number): Generator<void, void> {
    if (d < m) {
      for (let l = 0; l < size; l++) {
        const energy = levels[m * size + l]
        if (energy > least) continue
        if (energy < least) {
          least = energy
          first = state + l
          count = 0
        }
        count++
      }
      return
    }
    let field = fields[d]
    for (let j = neurons - 1; j > d; j--) field += couplings[d * neurons + j] * spin(state, j)
    const place = d - (neurons - fixed)
    for (const s of [-1, 1]) {
      if (place >= 0 && spin(prefix, place) !== s) continue
      for (let l = 0; l < size; l++) {
        levels[d * size + l] = levels[(d + 1) * size + l] - s * (field + laneSums[d * size + l])
      }
      yield* down(d - 1, s > 0 ? state + 2 ** d : state)
    }
    if (pace.due(size * 6)) yield
  }
  yield* down(neurons - 1, 0)
  out[0] = least + 0
  out[1] = first
  out[2] = count
}
