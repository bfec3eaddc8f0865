import type { Kernels } from '../../src/kernels/contract/kernels.js'
import { loadAddon } from '../../src/kernels/native/load.js'
import { nativeKernels } from '../../src/kernels/native/native.js'

const addon = loadAddon()

/** The kernels of every tier this processor runs. Empty without addon, which CI must not let pass. */
export const NATIVE_TIERS: Kernels[] =
  'tiers' in addon
    ? addon
        .tiers()
        .filter((tier) => tier.usable)
        .map((tier) => nativeKernels(addon, tier.name))
    : []

if (NATIVE_TIERS.length === 0 && process.env['CI'])
  throw new Error(`CI needs the addon: ${'reason' in addon ? addon.reason : ''}`)
