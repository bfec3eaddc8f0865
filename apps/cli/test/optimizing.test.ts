import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hopfield, scratch } from './helpers.js'

const { file } = scratch()
// A name that XML wants otherwise.
const ring = file('a&b<ring.rud', '5 5\n1 2 1\n2 3 1\n3 4 1\n4 5 1\n5 1 1\n')
const square = file(
  'square.tsp',
  'NAME: square\nTYPE: TSP\nDIMENSION: 5\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 10 0\n3 10 10\n4 0 10\n5 5 12\nEOF\n',
)

it('anneal tells the best cut, the gap to what is known, and draws the energy', async () => {
  const svg = file('energy.svg')
  const { code, stdout } = await hopfield(['anneal', ring, '--known', '4', '--seconds', '0.2', '--svg', svg])
  expect(code).toBe(0)
  expect(stdout).toContain('5 variables: largest value 4, energy -3')
  expect(stdout).toContain('Gap to 4: none.')
  const drawn = readFileSync(svg, 'utf8')
  expect(drawn).toMatch(/^<svg .*no energy is below −3.*<\/svg>\n$/s)
  expect(drawn).toContain('>Least energy of a&amp;b&lt;ring.rud</text>')
})

it('tsp tells three tours and draws them', async () => {
  const svg = file('tour.svg')
  const { code, stdout } = await hopfield(['tsp', square, '--svg', svg])
  expect(code).toBe(0)
  expect(stdout).toMatch(/Hopfield network +\d+\n/)
  expect(stdout).toMatch(/Tour: 1 (2 3 5 4|4 5 3 2)\n/)
  expect(readFileSync(svg, 'utf8').match(/ scale\(0.8,0.8\)" d="M-3\.6/g)).toHaveLength(3 * 5)
})

it('tells file, line and reason of what is wrong, and what a command wants', async () => {
  const again = file('again.rud', '2 2\n1 2 1\n2 1 3\n')
  expect((await hopfield(['anneal', again, '--seconds', '0.1'])).stdout).toMatch(
    /again, and were added up: 1\./,
  )
  const bad = file('bad.rud', '3 2\n1 2 1\n2 x 1\n')
  expect(await hopfield(['anneal', bad])).toMatchObject({
    code: 1,
    stderr: `hopfield: ${bad}: parseGset: line 3: expected a node, got "x"\n`,
  })
  expect(await hopfield(['tsp', ring])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${ring}: parseTsplib: line 1`),
  })
  expect(await hopfield(['anneal', file('what.dat', '1 0\n')])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--format gset, qubo, ising, tsplib'),
  })
  expect(await hopfield(['anneal', ring, '--known', 'x'])).toMatchObject({ code: 2 })
  expect(await hopfield(['anneal', ring, '--svg', ring])).toMatchObject({ code: 2 })
})

it('needs places to draw', async () => {
  const matrix = file(
    'matrix.tsp',
    'TYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 1 2\n1 0 3\n2 3 0\nEOF\n',
  )
  expect((await hopfield(['tsp', matrix])).stdout).toContain('tourSearch')
  expect(await hopfield(['tsp', matrix, '--svg', file('no.svg')])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing to draw'),
  })
})
