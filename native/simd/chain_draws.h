// Numbers of 64 chains, whole, where a tier has nothing of its own for their upper halves.
#ifndef HOPFIELD_SIMD_CHAIN_DRAWS_H_
#define HOPFIELD_SIMD_CHAIN_DRAWS_H_

#include "simd/operands.h"

namespace hopfield {
namespace {

/// Numbers at two visits at a time. Keys are PhiloxKeys: a template, so that the tier's philox_across may be
/// declared behind it.
template <class Keys>
struct DrawsBy {
  const Keys keys;
  const uint32_t *low = nullptr, *high = nullptr;
  uint32_t number = 0;
  alignas(64) uint32_t words[4][64];

  explicit DrawsBy(const uint32_t seed[2]) : keys(seed) {}

  void begin(const uint32_t* query_low, const uint32_t* query_high) {
    low = query_low;
    high = query_high;
  }
  void sweep(uint32_t at, const ChanceLimits&) { number = at; }
  inline void draw(uint32_t at) {
    for (size_t c = 0; c < 64; c += 16) philox_across(keys, at, number, low + c, high + c, words[0] + c);
  }
};
using ChainDraws = DrawsBy<PhiloxKeys>;

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_CHAIN_DRAWS_H_
