// A spell-corrector: words are ±1 patterns of their letters, and a misspelt word falls to the nearest one.
//   node spell-corrector.mjs [WORD...]
// The dictionary is words.txt, the words of this project's own pages. Without words of yours it corrects eight, then four typos of each
// word of the dictionary (a letter dropped, doubled, replaced, two swapped), and prints how many come back.
import { readFileSync } from 'node:fs'
import { DenseAssociativeMemory } from 'hopfield-native'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const WORDS = readFileSync(new URL('words.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
/** A neuron for each letter, for each pair of neighbours, the ends of the word among them, and for each pair with one letter between. */
const NEURONS = 26 + 27 * 27 + 26 * 26

/** +1 where the word has the letter or the pair. @param {string} word */
function pattern(word) {
  const spins = new Int8Array(NEURONS).fill(-1)
  const at = [...word].map((letter) => LETTERS.indexOf(letter))
  const ends = [26, ...at, 26]
  for (const letter of at) spins[letter] = 1
  for (let k = 0; k + 1 < ends.length; k++) spins[26 + 27 * ends[k] + ends[k + 1]] = 1
  for (let k = 0; k + 2 < at.length; k++) spins[26 + 27 * 27 + 26 * at[k] + at[k + 2]] = 1
  return spins
}

/** @param {DenseAssociativeMemory} dictionary @param {string[]} words */
function suggestions(dictionary, words) {
  const patterns = words.map((word) => {
    if (!/^[a-z]{2,30}$/.test(word))
      throw new Error(`expected words of 2 to 30 letters from a to z, got "${word}"`)
    return pattern(word)
  })
  const { ids = [] } = dictionary.nearest(patterns, { k: 3 })
  return words.map((_, k) => ids.slice(3 * k, 3 * k + 3).map(String))
}

/** Four ways to misspell a word, each at a place that the word itself decides. @param {string} word */
function typos(word) {
  const at = 1 + ([...word].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % (word.length - 2))
  const [before, letter, after] = [word.slice(0, at), word[at], word.slice(at + 1)]
  return {
    dropped: before + after,
    doubled: before + letter + letter + after,
    replaced: before + LETTERS[(LETTERS.indexOf(letter) + 7) % 26] + after,
    swapped: before + after[0] + letter + after.slice(1),
  }
}

/** @param {string[]} words */
function main(words) {
  const dictionary = new DenseAssociativeMemory({
    neurons: NEURONS,
    interaction: { kind: 'exponential', beta: 1 },
  })
  dictionary.store(WORDS.map(pattern), { ids: WORDS })

  const given =
    words.length > 0
      ? words
      : ['memry', 'patern', 'nueron', 'asociative', 'temperatur', 'enegry', 'recal', 'wieghts']
  for (const [k, [best, ...others]] of suggestions(dictionary, given).entries()) {
    // A recall lets the neurons themselves find the word; what it finds is what a search among all words finds.
    const { id } = dictionary.classify(dictionary.recall(pattern(given[k])).state)
    const how =
      given[k] === best ? 'is a word' : id === best ? `→ ${best}` : `→ ${best} by search, ${id} by recall`
    console.log(`${given[k].padEnd(12)} ${how.padEnd(14)} then ${others.join(', ')}`)
  }
  if (words.length > 0) return

  /** @type {Record<string, [number, number]>} */
  const right = {}
  const misspelt = WORDS.flatMap((word) =>
    Object.entries(typos(word)).map(([kind, typo]) => ({ word, kind, typo })),
  )
  const found = suggestions(
    dictionary,
    misspelt.map(({ typo }) => typo),
  )
  for (const [k, { word, kind, typo }] of misspelt.entries()) {
    // Some typos are words themselves: nobody can know that another one was meant.
    if (WORDS.includes(typo)) continue
    right[kind] ??= [0, 0]
    right[kind][1]++
    if (found[k][0] === word) right[kind][0]++
  }
  console.log(`\nof ${WORDS.length} words, corrected to the right one:`)
  for (const [kind, [count, all]] of Object.entries(right))
    console.log(`a letter ${kind.padEnd(8)} ${count} of ${all}, ${((100 * count) / all).toFixed(1)} %`)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
