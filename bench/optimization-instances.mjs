// The instances of optimization.mjs: files of a folder, or made here from a seed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { IsingProblem, maxCut, parseGset, parseQubo, parseTsplib, tsp } from 'hopfield-native/optimization'

/** Best known values. */
const FILES = [
  ['gset/G1.txt.gz', parseGset, 11624],
  ['gset/G43.txt.gz', parseGset, 6660],
  ['gset/G11.txt.gz', parseGset, 564],
  ['gset/G22.txt.gz', parseGset, 13359],
  ['gset/G14.txt.gz', parseGset, 3064],
  ['gset/G55.txt.gz', parseGset, 10297],
  ['gset/G70.txt.gz', parseGset, 9591],
  ['qubo/gka1a.sparse', parseQubo, -3414],
  ['qubo/gka1b.sparse', parseQubo, -133],
  ['tsp/berlin52.tsp', parseTsplib, 7542],
  ['tsp/eil51.tsp', parseTsplib, 426],
]

/** Words from a seed (xorshift32). */
function draw(seed) {
  let x = seed
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return x >>> 0
  }
}

/** A random graph of n nodes, about `degree` neighbours each. */
export function randomGraph(n, degree, seed, weigh = () => 1) {
  const next = draw(seed)
  const edges = new Map()
  while (edges.size < (n * degree) / 2) {
    const [i, j] = [next() % n, next() % n]
    if (i !== j) edges.set(Math.min(i, j) * n + Math.max(i, j), weigh(next()))
  }
  return Array.from(edges, ([key, weight]) => [Math.floor(key / n), key % n, weight])
}

/** A random graph of n nodes, an even number, with three neighbours each: a ring of them in some order, and pairs of them. */
export function cubicGraph(n, seed, weigh = () => 1) {
  const next = draw(seed)
  const shuffled = () => {
    const order = Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = next() % (i + 1)
      ;[order[i], order[j]] = [order[j], order[i]]
    }
    return order
  }
  const ring = shuffled()
  const places = new Map(ring.map((node, place) => [node, place]))
  const apart = (i, j) => ![1, n - 1].includes(Math.abs(places.get(i) - places.get(j)))
  const edges = ring.map((node, place) => [node, ring[(place + 1) % n]])
  for (;;) {
    const order = shuffled()
    const pairs = Array.from({ length: n / 2 }, (_, k) => [order[2 * k], order[2 * k + 1]])
    if (pairs.every(([i, j]) => apart(i, j)))
      return [...edges, ...pairs].map(([i, j]) => [i, j, weigh(next())])
  }
}

/** A lattice that closes on itself, with weights ±1. */
export function torus(side, dimensions, seed) {
  const next = draw(seed)
  const n = side ** dimensions
  const edges = []
  for (let i = 0; i < n; i++) {
    for (let d = 0, step = 1; d < dimensions; d++, step *= side) {
      const along = Math.floor(i / step) % side
      edges.push([i, i + (along === side - 1 ? (1 - side) * step : step), next() & 1 ? 1 : -1])
    }
  }
  return edges
}

/** Sherrington and Kirkpatrick's glass with couplings ±1: all pairs. */
export function sherringtonKirkpatrick(n, seed) {
  const next = draw(seed)
  const couplings = new Int8Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) couplings[i * n + j] = couplings[j * n + i] = next() & 65536 ? 1 : -1
  }
  return IsingProblem.from({ couplings })
}

/** Such a glass, and the least energy that minutes of searching have found in it, −.75879·N^1.5 where N is 2000. */
export function glass(quick) {
  const [n, target] = quick ? [300, -4058] : [2000, -67868]
  return {
    name: `Sherrington–Kirkpatrick, ±1, ${n}`,
    problem: sherringtonKirkpatrick(n, 5),
    target,
    trip: false,
  }
}

const MADE = [
  ['random graph, 800 nodes, degree 48', () => maxCut(randomGraph(800, 48, 1))],
  ['torus of ±1, 28 × 28', () => maxCut(torus(28, 2, 2))],
  ['lattice of ±1, 8 × 8 × 8', () => maxCut(torus(8, 3, 3))],
  ['random graph, 4000 nodes, degree 3', () => maxCut(randomGraph(4000, 3, 4))],
  ['Sherrington–Kirkpatrick, 300', () => sherringtonKirkpatrick(300, 5)],
  ['round trip of 60 cities', () => tsp(cities(60, 6))],
]

export function cities(n, seed) {
  const next = draw(seed)
  return Array.from({ length: n }, () => [next() % 1000, next() % 1000])
}

/** Whether only `solve` and `tourSearch` are meant for it. */
function isTrip(problem) {
  return 'tour' in Object(problem.decode(new Int8Array(problem.variables).fill(-1)))
}

/**
 * @param {string | undefined} folder with gset/, qubo/ and tsp/
 * @param {(problem: object) => number} best a value that is hard to reach, of instances that are made here
 * @param {(name: string) => boolean} [wanted] which of them, all by default
 * @returns {{ name: string, problem: object, target: number, trip: boolean }[]}
 */
export function instances(folder, best, wanted = () => true) {
  if (folder === undefined) {
    return MADE.filter(([name]) => wanted(name)).map(([name, make]) => {
      const problem = make()
      return { name, problem, target: best(problem), trip: isTrip(problem) }
    })
  }
  const found = FILES.filter(([path]) => existsSync(join(folder, path)))
  if (found.length === 0) throw new Error(`${folder}: expected gset/, qubo/ or tsp/ with instances in it`)
  const named = found.map(([path, ...rest]) => [
    path.replace(/^.*\/|\.(txt\.gz|sparse|tsp)$/g, ''),
    path,
    ...rest,
  ])
  return named
    .filter(([name]) => wanted(name))
    .map(([name, path, parse, target]) => {
      const bytes = readFileSync(join(folder, path))
      const problem = parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
      return { name, problem, target, trip: isTrip(problem) }
    })
}
