// Checked by `npm run types`, never run: CommonJS modules have the same types, under `module: node16` too, which lets none
// of them require an ES module.
import hopfield = require('hopfield-native')

const net: hopfield.HopfieldNetwork = new hopfield.HopfieldNetwork({ neurons: 25 })
export const state: Int8Array = net.store(hopfield.bipolar('#...# .#.#. ..#.. .#.#. #...#')).recall([1]).state
export const code: hopfield.HopfieldErrorCode = new hopfield.HopfieldError('ERR_HOPFIELD_OPTION', '').code

/** A memory is the same class, whoever imported it. */
export async function same(): Promise<hopfield.HopfieldNetwork> {
  const { HopfieldNetwork } = await import('hopfield-native')
  return new HopfieldNetwork({ neurons: 25 })
}

// @ts-expect-error what is not exported
hopfield.typescriptKernels
