// Max-Cut: splits people who may or may not get along into two teams, so that as much discord as possible lies between the teams.
//   node max-cut.mjs [FILE]      a graph in the G-set format: "nodes edges", then a line "i j weight" for each edge, nodes from 1
// Without a file it splits twelve people, and then a torus of 800 nodes with weights ±1 that it makes itself. It prints the teams, the
// cut, a bound that no cut can exceed, and what a recall of the same energy finds without a solver.
import { readFileSync } from 'node:fs'
import { randomPatterns } from 'hopfield-native'
import { lowerBound, maxCut, parseGset, solve, steepestDescent } from 'hopfield-native/optimization'

const PEOPLE = ['Ada', 'Ben', 'Cem', 'Dora', 'Eve', 'Finn', 'Gus', 'Hana', 'Ida', 'Jon', 'Kim', 'Leo']
// biome-ignore format: a table
/** Who annoys whom, and how much. @type {[number, number, number][]} */
const DISCORD = [
  [0, 1, 3], [0, 4, 1], [0, 7, 2], [1, 2, 2], [1, 5, 4], [2, 3, 1], [2, 6, 5], [3, 4, 2], [3, 8, 3], [4, 5, 1], [4, 9, 4],
  [5, 6, 2], [5, 10, 3], [6, 7, 1], [6, 11, 2], [7, 8, 4], [8, 9, 2], [9, 10, 1], [10, 11, 5], [11, 0, 2], [1, 11, 3], [2, 9, 2],
]

/** A torus whose edges weigh +1 or −1, as the instances G11 to G13 of the G-set do. @param {number} rows @param {number} columns */
function torus(rows, columns) {
  const weights = randomPatterns({ count: 2, neurons: rows * columns, seed: 1 })
  /** @type {[number, number, number][]} */
  const edges = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const node = row * columns + column
      edges.push([node, row * columns + ((column + 1) % columns), weights[2 * node]])
      edges.push([node, ((row + 1) % rows) * columns + column, weights[2 * node + 1]])
    }
  return edges
}

/** @param {ReturnType<typeof maxCut>} problem */
function cutOf(problem) {
  // Steepest descent is what a Hopfield network does by itself; the solver anneals, and proves where it can.
  const recalled = steepestDescent(problem, { numReads: 100, seed: 1 })
  const bound = lowerBound(problem)
  const { solution, value, proved } = solve(problem, { seed: 1 })
  console.log(`  ${problem.variables} nodes, ${problem.edgeCount} edges`)
  console.log(`  recall, the best of 100: ${recalled.value}`)
  console.log(
    `  solve: ${value}${proved ? ', which is the largest' : ''}; no cut is larger than ${Math.floor(bound.value + 1e-9)}`,
  )
  return solution
}

/** @param {string[]} args */
function main([file, ...more]) {
  if (more.length > 0) throw new Error(`expected one file, got ${more.length + 1} arguments`)
  if (file !== undefined) {
    const { left, right } = cutOf(parseGset(readFileSync(file, 'utf8')))
    console.log(`  ${left.length} nodes on one side, ${right.length} on the other`)
    return
  }
  console.log('twelve people:')
  const { left, right } = cutOf(maxCut(DISCORD))
  for (const team of [left, right]) console.log(`  ${[...team].map((k) => PEOPLE[k]).join(', ')}`)
  console.log('a torus of ±1:')
  cutOf(maxCut(torus(20, 40)))
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
