// AVX-512 with VPOPCNTDQ, VBMI and VNNI: Ice Lake, Sapphire Rapids, Zen 4 and later.
#include "tiers/tiers.h"

#if defined(__x86_64__) || defined(_M_X64)
#include "simd/targets.h"
#define HOPFIELD_TARGET HOPFIELD_AVX512
#define HOPFIELD_SIMD "simd/avx512.h"
#include "simd/begin.h"

#include "kernels/all.h"

namespace hopfield {
Tier avx512_tier() { return table(); }
}  // namespace hopfield

#include "simd/end.h"
#endif
