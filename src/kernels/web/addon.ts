// No addon: what select.ts asks of the native backend, in builds for browsers and edge runtimes.
import { HopfieldError } from '../../errors.js'
import type { Kernels } from '../contract/kernels.js'
import type { Addon, NoAddon } from '../native/load.js'

const REASON = 'this is the build for browsers and edge runtimes, which load no addon'

/** @throws HopfieldError ERR_HOPFIELD_BACKEND, whatever the path is. */
export function askForAddon(_path: string): boolean {
  throw new HopfieldError('ERR_HOPFIELD_BACKEND', `addon: ${REASON}; leave the option out`)
}

export function loadAddon(): Addon | NoAddon {
  return { reason: REASON, cause: undefined, advice: undefined }
}

/** Nobody calls it: there is no addon. */
export function nativeKernels(_addon: Addon, _wanted: string | undefined): Kernels {
  throw new HopfieldError('ERR_HOPFIELD_BACKEND', REASON)
}

/** Silent: nobody who runs this build has lost an addon. */
export function warnWithoutAddon(_missing: NoAddon): void {}
