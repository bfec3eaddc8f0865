// For tiers without a better way.
#ifndef HOPFIELD_SIMD_PORTABLE_NEAREST_H_
#define HOPFIELD_SIMD_PORTABLE_NEAREST_H_

#include "simd/bits.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// The least number of bits in which `state` differs from any of 8·blocks patterns in planes.
static inline uint32_t least_difference(const uint32_t* planes, size_t blocks, size_t words,
                                        const uint32_t* state) {
  uint64_t least = ~0ull;
  for (size_t k = 0; k < blocks; k++) {
    const uint32_t* at = planes + k * 16 * words;
    uint64_t d[8] = {};
    for (size_t w = 0; w < words; w++) {
      const uint64_t s = load64(state + 2 * w);
      for (size_t r = 0; r < 8; r++) {
        d[r] += static_cast<uint64_t>(count_ones(load64(at + 16 * w + 2 * r) ^ s));
      }
    }
    for (size_t r = 0; r < 8; r++) least = smaller(d[r], least);
  }
  return static_cast<uint32_t>(least);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PORTABLE_NEAREST_H_
