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

/// Where the numbers of 64 chains come from at the moment.
struct ChainStreams {
  const uint32_t* low;  ///< queries of the chains
  const uint32_t* high;
  uint32_t sweep = 0, draw = 0;
};

/// The 53 bits of one chain at one of the two visits that share a block.
static inline uint64_t chain_bits(const PhiloxKeys& keys, const ChainStreams& streams, size_t c,
                                  size_t visit) {
  uint32_t at[4] = {streams.draw, streams.sweep, streams.low[c], streams.high[c]};
  for (size_t round = 0; round < 10; round++) {
    const uint64_t p0 = kPhiloxFactors[0] * at[0], p1 = kPhiloxFactors[1] * at[2];
    at[0] = static_cast<uint32_t>(p1 >> 32) ^ at[1] ^ keys.words[2 * round];
    at[1] = static_cast<uint32_t>(p1);
    at[2] = static_cast<uint32_t>(p0 >> 32) ^ at[3] ^ keys.words[2 * round + 1];
    at[3] = static_cast<uint32_t>(p0);
  }
  return uniform_bits(at[2 * visit], at[2 * visit + 1]);
}

/// The same of places in bytes; the numbers are drawn again.
HOPFIELD_NOINLINE static uint64_t chains_below_exactly(const uint8_t* places, const ChanceLimits& limits,
                                                       const PhiloxKeys& keys, const ChainStreams& streams,
                                                       size_t visit, uint64_t question) {
  uint64_t below = 0;
  for (size_t c = 0; c < 64; c++) {
    if (((question >> c) & 1) == 0) continue;
    below |= static_cast<uint64_t>(chain_bits(keys, streams, c, visit) <= limits.whole[places[c]]) << c;
  }
  return below;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_EXACT_CHAINS_H_
