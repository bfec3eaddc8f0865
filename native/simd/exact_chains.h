#ifndef HOPFIELD_SIMD_EXACT_CHAINS_H_
#define HOPFIELD_SIMD_EXACT_CHAINS_H_

#include "simd/operands.h"

namespace hopfield {
namespace {

/// The chains whose numbers are no larger than the limits at their places, among those in question: where
/// upper parts are equal, which is rare.
template <class Sums>
HOPFIELD_NOINLINE static uint64_t chains_below_exactly(Sums places, const ChanceLimits& limits,
                                                       const uint32_t* high, const uint32_t* low,
                                                       uint64_t question) {
  alignas(64) int16_t place[64];
  places.store(place);
  uint64_t below = 0;
  for (size_t c = 0; c < 64; c++) {
    if (((question >> c) & 1) == 0) continue;
    below |= static_cast<uint64_t>(uniform_bits(high[c], low[c]) <= limits.whole[place[c]]) << c;
  }
  return below;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_EXACT_CHAINS_H_
