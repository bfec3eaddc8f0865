// AVX2 with FMA, BMI and POPCNT: Haswell, Zen and later.
#include "tiers/tiers.h"

#if defined(__x86_64__) || defined(_M_X64)
#include "simd/targets.h"
#define HOPFIELD_TARGET HOPFIELD_AVX2
#define HOPFIELD_SIMD "simd/avx2.h"
#include "simd/begin.h"

#include "kernels/all.h"

namespace hopfield {
Tier avx2_tier() { return table(); }
}  // namespace hopfield

#include "simd/end.h"
#endif
