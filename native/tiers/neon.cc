// Advanced SIMD, which every AArch64 processor has.
#include "tiers/tiers.h"

#if defined(__aarch64__) || defined(_M_ARM64)
#define HOPFIELD_SIMD "simd/neon.h"
#include "simd/begin.h"

#include "kernels/all.h"

namespace hopfield {
Tier neon_tier() { return table(); }
}  // namespace hopfield

#include "simd/end.h"
#endif
