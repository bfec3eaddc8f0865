// AVX-512 without VPOPCNTDQ: Skylake-X and Cascade Lake.
#include "tiers/tiers.h"

#if defined(__x86_64__) || defined(_M_X64)
#include "simd/targets.h"
#define HOPFIELD_TARGET HOPFIELD_AVX512_SKX
#define HOPFIELD_SIMD "simd/avx512_skx.h"
#include "simd/begin.h"

#include "kernels/all.h"

namespace hopfield {
Tier avx512_skx_tier() { return table(); }
}  // namespace hopfield

#include "simd/end.h"
#endif
