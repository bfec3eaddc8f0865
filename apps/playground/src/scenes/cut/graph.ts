import { randomPoints } from '../pictures/points.js'

export interface Graph {
  /** In the unit square. */
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Each pair once, the lower node first. */
  readonly edges: readonly (readonly [a: number, b: number])[]
}

/** Points on a jittered lattice, each joined with those nearest to it. */
export function neighbourGraph(nodes: number, neighbours: number, seed: number): Graph {
  const side = Math.ceil(Math.sqrt(nodes))
  const points = randomPoints(nodes, seed).map(([x, y], k): [number, number] => {
    return [((k % side) + 0.15 + 0.7 * x) / side, (Math.floor(k / side) + 0.15 + 0.7 * y) / side]
  })
  const joined = new Map<number, readonly [number, number]>()
  for (const [a, [x, y]] of points.entries()) {
    const near = points.map(([u, v], b) => ({ b, distance: Math.hypot(u - x, v - y) }))
    near.sort((one, other) => one.distance - other.distance || one.b - other.b)
    for (const { b } of near.slice(1, neighbours + 1)) {
      joined.set(Math.min(a, b) * nodes + Math.max(a, b), [Math.min(a, b), Math.max(a, b)])
    }
  }
  return { points, edges: [...joined.values()] }
}
