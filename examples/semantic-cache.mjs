// A semantic cache: a question that is like one asked before gets its answer, without asking the expensive service again.
//   node semantic-cache.mjs [QUESTION]
// Without a question it asks twelve in other words than the cache knows, and eight that the cache has no answer to. It prints what was
// found and how alike, and counts hits and misses, right and wrong, by the threshold. The embedder below counts groups of letters: it sees
// spelling and not meaning. Put the embeddings of a language model in its place for a cache that does; then choose THRESHOLD anew.
import { ModernHopfield } from 'hopfield-native'

const DIMENSION = 1024
/** Cosine from which on two questions count as the same. Higher: fewer wrong hits, more misses. */
const THRESHOLD = 0.4

const KNOWN = [
  ['How do I reset my password?', 'Settings, Account, Reset password.'],
  ['Where can I see my invoices?', 'Settings, Billing, Invoices.'],
  ['How do I cancel my subscription?', 'Settings, Billing, Cancel.'],
  ['Which payment methods do you accept?', 'Cards, SEPA and PayPal.'],
  ['How long does delivery take?', 'Two to four working days.'],
  ['Can I return an opened product?', 'Yes, within 30 days.'],
  ['How do I change my email address?', 'Settings, Account, Email.'],
  ['Is there a discount for students?', 'Half price with a valid student card.'],
  ['Do you ship to Switzerland?', 'Yes, customs are on us.'],
  ['How do I export my data?', 'Settings, Privacy, Export.'],
]
/** A question, and the known one that it means; none: the cache should miss. @type {[string, number?][]} */
const ASKED = [
  ['how can i reset the password', 0],
  ['I forgot my password, how do I reset it?', 0],
  ['where are my invoices', 1],
  ['how to cancel a subscription', 2],
  ['what payment methods are accepted', 3],
  ['how long will the delivery take', 4],
  ['can opened products be returned', 5],
  ['changing my e-mail address', 6],
  ['discounts for a student?', 7],
  ['shipping to Switzerland?', 8],
  ['exporting all of my data', 9],
  ['get rid of my monthly plan', 2],
  ['How do I reset my router?'],
  ['Do you ship to Mars?'],
  ['How do I change my delivery address?'],
  ['Who founded the company?'],
  ['Can I pay by cheque?'],
  ['Is the app available for Linux?'],
  ['What are your opening hours?'],
  ['Tell me a joke'],
]

/** Counts groups of three letters, each at the place that its hash (FNV-1a) says, on a logarithmic scale. @param {string} text */
function embed(text) {
  const vector = new Float32Array(DIMENSION)
  const plain = ` ${text.toLowerCase()} `.replace(/[^\p{L}\p{N}]+/gu, ' ')
  for (let at = 0; at + 3 <= plain.length; at++) {
    let hash = 0x811c9dc5
    for (let k = at; k < at + 3; k++) hash = Math.imul(hash ^ plain.charCodeAt(k), 0x01000193)
    vector[(hash ^ (hash >>> 15)) & (DIMENSION - 1)] += 1
  }
  return vector.map(Math.log1p)
}

class SemanticCache {
  #memory = new ModernHopfield({ dimension: DIMENSION, similarity: 'cosine', beta: 20 })
  /** @type {string[]} */
  #answers = []

  /** @param {string} question @param {string} answer */
  set(question, answer) {
    this.#memory.store([embed(question)], { ids: [question] })
    this.#answers.push(answer)
  }

  /** The nearest known question and how alike it is, with its answer where that is enough. @param {string} question */
  get(question) {
    if (!/[\p{L}\p{N}]/u.test(question)) throw new Error(`there is no word in the question "${question}"`)
    const { indices, similarities } = this.#memory.top(embed(question), 1)
    const [nearest, similarity] = [indices[0], similarities[0]]
    return { nearest, similarity, answer: similarity >= THRESHOLD ? this.#answers[nearest] : undefined }
  }
}

/** @param {string[]} args */
function main(args) {
  const cache = new SemanticCache()
  for (const [question, answer] of KNOWN) cache.set(question, answer)
  if (args.length > 0) {
    const { nearest, similarity, answer } = cache.get(args.join(' '))
    const known = `${similarity.toFixed(2)} like "${KNOWN[nearest][0]}"`
    return console.log(`${answer ?? 'nothing in the cache'} (${known})`)
  }
  const asked = ASKED.map(([question, meant]) => ({ meant, question, ...cache.get(question) }))
  for (const { meant, question, nearest, similarity, answer = '' } of asked) {
    const verdict = verdictOf(answer !== '', nearest, meant).padEnd(10)
    console.log(`${verdict} ${similarity.toFixed(2)}  ${question.padEnd(42)} ${answer}`.trimEnd())
  }
  console.log(`\n${asked.length} questions; by the threshold:  hits  misses  wrong hits  right misses`)
  for (const threshold of [0.2, THRESHOLD, 0.65, 0.8]) {
    const all = asked.map((one) => verdictOf(one.similarity >= threshold, one.nearest, one.meant))
    const count = (/** @type {string} */ kind) => all.filter((verdict) => verdict === kind).length
    const counts = [count('hit'), count('miss'), count('wrong hit'), count('right miss')]
    console.log(
      [threshold.toFixed(2), ...counts].map((n, k) => String(n).padStart([30, 6, 8, 12, 14][k])).join(''),
    )
  }
}

/** @param {boolean} found @param {number} nearest @param {number | undefined} meant */
function verdictOf(found, nearest, meant) {
  if (!found) return meant === undefined ? 'right miss' : 'miss'
  return nearest === meant ? 'hit' : 'wrong hit'
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
