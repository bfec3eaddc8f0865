// One function a tier: its table of kernels, without name and test for the processor (dispatch.cc adds
// those).
#ifndef HOPFIELD_TIERS_TIERS_H_
#define HOPFIELD_TIERS_TIERS_H_

#include "core/tier.h"

namespace hopfield {

Tier scalar_tier();
Tier avx2_tier();
Tier avx512_skx_tier();
Tier avx512_tier();
Tier amx_tier();
Tier neon_tier();
Tier wasm_tier();

}  // namespace hopfield

#endif  // HOPFIELD_TIERS_TIERS_H_
