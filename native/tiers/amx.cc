// AMX int8 beside AVX-512: Sapphire Rapids and later. One state at a time is the AVX-512 tier's work; many
// together go through the matrix unit.
#include "tiers/tiers.h"

#if defined(__x86_64__) || defined(_M_X64)
#include "simd/targets.h"
#define HOPFIELD_TARGET HOPFIELD_AMX
#define HOPFIELD_SIMD "simd/amx.h"
#include "simd/begin.h"

#include "kernels/all.h"

namespace hopfield {
Tier amx_tier() {
  Tier tier = table();
  tier.hebbian = hebbian_tiles;
  return tier;
}
}  // namespace hopfield

#include "simd/end.h"
#endif
