import { HopfieldNetwork } from '../../src/index.js'

export type Backend = 'native' | 'typescript'
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

/** Every backend this machine has; tests of behaviour are a loop over it. */
export const BACKENDS: readonly Backend[] = hasNative() ? ['typescript', 'native'] : ['typescript']

export const FORMS: readonly Form[] = ['implicit', 'dense']

/** Every backend with every form of the weights. */
export const VARIANTS: readonly { backend: Backend; weights: Form }[] = BACKENDS.flatMap((backend) =>
  FORMS.map((weights) => ({ backend, weights })),
)
