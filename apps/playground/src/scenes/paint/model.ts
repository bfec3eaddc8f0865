import { HopfieldNetwork } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { Course } from '../course.js'
import { model } from '../scene.js'
import type { P } from './parameters.js'
import { cueOf, patternsOf, shuffled } from './start.js'

export interface Frame {
  readonly state: Int8Array
  /** Local fields over the largest of them, −100 to 100: up to 30 where the neuron agrees with its field, from 70 on where it would flip. */
  readonly fields: Int8Array
  /** The neuron that was visited last; −1 if all were at once. */
  readonly visited: number
  /** Neurons that their field would flip. */
  readonly unstable: number
  readonly energy: number
  /** One per stored picture. */
  readonly overlaps: Float64Array
  /** All of these over the sweeps so far. */
  readonly course: ReturnType<Course['copy']>
  /** The stored pictures, where they are others than in the frame before. */
  readonly stored?: readonly Int8Array[]
  /** Beside `stored`: those that the rule left out, because they are a mixture of others. */
  readonly skipped?: readonly { readonly index: number; readonly on: readonly number[] }[]
  readonly resting: boolean
}

/** Visits of a frame, as a share of all neurons: so a sweep takes six seconds, one, or a frame. */
const SHARE = { slow: 1 / 360, fast: 1 / 60, sweep: 1 } as const

export default model<P, never, Frame>({
  create(first) {
    let values: Values<P> = first
    const neurons = Number(values.side) ** 2
    const patterns = patternsOf(values)
    // Of the overlaps with all pictures; the pseudo-inverse leaves out those that are a mixture of others.
    const all = new HopfieldNetwork({ neurons }).store(patterns)
    const network =
      values.rule === 'hebbian'
        ? all
        : new HopfieldNetwork({ neurons, learning: { kind: 'pseudoinverse', dependent: 'skip' } }).store(
            patterns,
          )
    let skipped = network.learningReport?.skipped
    const order = shuffled(neurons, values.seed)
    let stored: readonly Int8Array[] | undefined = patterns
    let state = cueOf(values, patterns)
    let course = new Course()
    let sweeps = 0
    let at = 0
    let visited = -1
    let resting = false
    let seen = demonsView(network.localField(state), state)

    const note = () => {
      seen = demonsView(network.localField(state), state)
      // Where no neuron would flip, the rest of the sweep has nothing to show.
      if (seen.unstable === 0) resting = true
      course.add(sweeps + at / neurons, network.energy(state), all.overlaps(state))
    }
    const start = () => {
      state = cueOf(values, patterns)
      course = new Course()
      sweeps = 0
      at = 0
      visited = -1
      resting = false
      note()
    }
    start()

    const visit = () => {
      const { pace } = values
      const count = pace === 'single' ? 1 : Math.max(1, Math.round(neurons * SHARE[pace]))
      const visits = order.subarray(at, at + count)
      const next = network.recall(state, { order: visits, maxSweeps: 1 })
      state = next.state
      visited = visits[visits.length - 1]
      at += visits.length
      if (at < neurons) return
      sweeps++
      at = 0
    }
    const sweep = () => {
      const next = network.recall(state, { dynamics: 'synchronous', maxSweeps: 1 })
      state = next.state
      visited = -1
      sweeps++
    }

    return {
      change(now, before) {
        if (now.side !== before.side || now.rule !== before.rule || now.pictures !== before.pictures)
          return false
        if (now.seed !== before.seed) return false
        values = now
        resting = false
        if (now.dynamics !== before.dynamics) at = 0
        // Another pace or another kind of updates goes on from where it is.
        if (
          now.target !== before.target ||
          now.damage !== before.damage ||
          now.amount !== before.amount ||
          now.cue !== before.cue
        )
          start()
        return true
      },
      advance() {
        if (values.dynamics === 'synchronous') sweep()
        else visit()
        note()
        return !resting
      },
      frame() {
        const frame: Frame = {
          state: state.slice(),
          fields: seen.fields.slice(),
          visited,
          unstable: seen.unstable,
          energy: network.energy(state),
          overlaps: all.overlaps(state),
          course: course.copy(),
          ...(stored && { stored: stored.map((pattern) => pattern.slice()) }),
          ...(skipped && { skipped }),
          resting,
        }
        stored = undefined
        skipped = undefined
        return frame
      },
    }
  },
})

/** What a demon sees who looks at each neuron's field: ties go up, as in a recall. */
function demonsView(field: Float64Array, state: Int8Array): { fields: Int8Array; unstable: number } {
  let most = 0
  for (const h of field) most = Math.max(most, Math.abs(h))
  const fields = new Int8Array(field.length)
  let unstable = 0
  for (let i = 0; i < field.length; i++) {
    const up = field[i] >= 0
    const share = most === 0 ? 0 : field[i] / most
    if (up === state[i] > 0) fields[i] = 30 * share
    else {
      fields[i] = (up ? 70 : -70) + 30 * share
      unstable++
    }
  }
  return { fields, unstable }
}
