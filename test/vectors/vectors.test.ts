import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allVectors } from './all.js'

const FILE = new URL('kernels.json', import.meta.url)

test('the shared vectors are what the reference computes today', () => {
  const text = allVectors()
  if (process.env['HOPFIELD_UPDATE_VECTORS']) writeFileSync(FILE, text)
  expect(readFileSync(FILE, 'utf8') === text, 'run `npm run vectors` after a change of the rules').toBe(true)
})
