import type { Values } from '../../state/parameters.js'
import { Course } from '../course.js'
import { model } from '../scene.js'
import { GRID, overlapsAt } from './grid.js'
import { memoryOf } from './memory.js'
import { NEURONS, type P } from './parameters.js'
import { Plane } from './plane.js'

/** How many points of its way the moving one leaves behind. */
const TRAIL = 600

export interface Frame {
  /** GRID × GRID energies over m1 + m2 and m1 − m2 from −1 to 1; in the first frame of a memory. */
  readonly surface?: Float32Array
  /** Triples m1, m2, E of the way so far, the last one where the point is. */
  readonly trail: Float32Array
  readonly course: ReturnType<Course['copy']>
  readonly resting: boolean
}

/** Flips of a frame. */
const FLIPS = { single: 1, slow: 2, fast: 16 } as const

export default model<P, never, Frame>({
  create(given) {
    let values: Values<P> = given
    let memory = memoryOf(values)
    const { network, first, second } = memory
    const plane = new Plane(first, second, values.seed)
    let surface: Float32Array | undefined = surfaceOf(
      plane,
      (states) => network.energyBatch(states),
      memory.energy,
    )

    let state = plane.state(values.first, values.second)
    let trail: number[] = []
    let course = new Course()
    let sweeps = 0
    let resting = false
    /** The sweep that is being shown, flip by flip. */
    let flips = new Uint32Array()
    let energies = new Float64Array()
    let at = 0
    let m1 = 0
    let m2 = 0

    const note = (energy: number) => {
      trail.push(m1, m2, energy / memory.energy)
      if (trail.length > 3 * TRAIL) trail.splice(0, trail.length - 3 * TRAIL)
    }
    const start = () => {
      state = plane.state(values.first, values.second)
      ;[m1, m2] = network.overlaps(state)
      trail = []
      course = new Course()
      sweeps = 0
      resting = false
      flips = new Uint32Array()
      at = 0
      const energy = network.energy(state)
      note(energy)
      course.add(0, energy / memory.energy, [m1, m2])
    }
    const sweep = () => {
      const { seed } = values
      const { temperature } = memory
      const next = network.recall(state, { seed, stream: sweeps, temperature, maxSweeps: 1, trace: true })
      flips = Uint32Array.from(next.trace.flips)
      energies = Float64Array.from(next.trace.energies)
      at = 0
      resting = next.flips === 0 && temperature === 0
      if (!resting) sweeps++
    }
    start()

    return {
      change(now, before) {
        if (now.memory !== before.memory || now.others !== before.others || now.seed !== before.seed)
          return false
        values = now
        resting = false
        if (now.temperature !== before.temperature)
          memory = { ...memory, temperature: memoryOf(now).temperature }
        if (now.first !== before.first || now.second !== before.second) start()
        return true
      },
      advance() {
        for (let left = FLIPS[values.pace]; left > 0; left--) {
          if (at === flips.length) sweep()
          if (flips.length === 0) break
          const i = flips[at]
          state[i] = -state[i]
          m1 += (2 * state[i] * first[i]) / NEURONS
          m2 += (2 * state[i] * second[i]) / NEURONS
          at++
          note(energies[at])
        }
        const energy = trail[trail.length - 1]
        course.add(Math.max(0, sweeps - 1) + (flips.length === 0 ? 1 : at / flips.length), energy, [m1, m2])
        return !resting
      },
      frame() {
        const frame: Frame = {
          ...(surface && { surface }),
          trail: Float32Array.from(trail),
          course: course.copy(),
          resting,
        }
        surface = undefined
        return frame
      },
    }
  },
})

function surfaceOf(plane: Plane, energyOf: (states: Int8Array) => Float64Array, unit: number): Float32Array {
  const states = new Int8Array(GRID * GRID * NEURONS)
  for (let k = 0; k < GRID * GRID; k++) {
    const [m1, m2] = overlapsAt(k)
    states.set(plane.state(m1, m2), k * NEURONS)
  }
  return Float32Array.from(energyOf(states), (energy) => energy / unit)
}
