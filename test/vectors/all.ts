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

/** All shared vectors, as the text of kernels.json; scripts/check-browser.mjs makes it in a browser too. */
export function allVectors(): string {
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
  return `${JSON.stringify(vectors, undefined, 1)}\n`
}
