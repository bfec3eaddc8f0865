import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makeAnnealingCases } from './annealing-cases.js'
import { makeCases } from './cases.js'
import { makeCodeCases } from './code-cases.js'
import { makeFeatureCases } from './feature-cases.js'
import { makeFormCases } from './form-cases.js'
import { makeInteractionCases } from './interaction-cases.js'
import { makeLearningCases } from './learning-cases.js'
import { makeMachineCases } from './machine-cases.js'
import { makePairCases } from './pair-cases.js'
import { makeRetrievalCases } from './retrieval-cases.js'
import { makeSearchCases } from './search-cases.js'

const FILE = new URL('kernels.json', import.meta.url)

test('the shared vectors are what the reference computes today', () => {
  const vectors = {
    cases: makeCases(),
    interactions: makeInteractionCases(),
    retrievals: makeRetrievalCases(),
    learning: makeLearningCases(),
    pairs: makePairCases(),
    codes: makeCodeCases(),
    forms: makeFormCases(),
    searches: makeSearchCases(),
    annealing: makeAnnealingCases(),
    machines: makeMachineCases(),
    features: makeFeatureCases(),
  }
  const text = `${JSON.stringify(vectors, undefined, 1)}\n`
  if (process.env['HOPFIELD_UPDATE_VECTORS']) writeFileSync(FILE, text)
  expect(readFileSync(FILE, 'utf8') === text, 'run `npm run vectors` after a change of the rules').toBe(true)
})
