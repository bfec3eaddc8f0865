import { HopfieldNetwork } from '../../src/index.js'
import { loadWasm } from '../../src/kernels/wasm/wasm.js'

export type Backend = 'native' | 'wasm' | 'typescript'
export type Form = 'implicit' | 'dense'

/** Whether the addon can be had here. CI builds it, so there its absence is a failure and not a reason to skip. */
function hasNative(): boolean {
  try {
    new HopfieldNetwork({ neurons: 1, backend: 'native' })
    return true
  } catch (error) {
    if (process.env['CI']) throw error
    return false
  }
}

/**
 * Every backend this machine has; tests of behaviour are a loop over it. Who asks for a tier, or for WebAssembly, asks about that one alone:
 * the kernels of the module are compared with the others in test/parity.
 */
export const BACKENDS: readonly Backend[] =
  process.env['HOPFIELD_BACKEND'] === 'wasm'
    ? ['wasm']
    : !hasNative()
      ? ['typescript']
      : process.env['HOPFIELD_TIER'] === undefined
        ? ['typescript', 'native']
        : ['native']

export const FORMS: readonly Form[] = ['implicit', 'dense']

/** Every backend with every form of the weights. */
export const VARIANTS: readonly { backend: Backend; weights: Form }[] = BACKENDS.flatMap((backend) =>
  FORMS.map((weights) => ({ backend, weights })),
)

/** What computes where the addon cannot be had. */
export const INSTEAD = 'kernels' in loadWasm() ? 'wasm' : 'typescript'
