#ifndef HOPFIELD_SIMD_AVX512_NEAREST_H_
#define HOPFIELD_SIMD_AVX512_NEAREST_H_

#include "simd/avx512_popcount.h"
#include "simd/bits.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// The least number of bits in which `state` differs from any of 8·blocks patterns in planes.
static inline uint32_t least_difference(const uint32_t* planes, size_t blocks, size_t words,
                                        const uint32_t* state) {
  const size_t block = 16 * words;
  // Counts are below 2^31, so the lower half of a lane is all of it.
  __m512i least = _mm512_set1_epi32(-1);
  size_t k = 0;
  for (; k + 4 <= blocks; k += 4) {
    const uint32_t* at = planes + k * block;
    __m512i d[4];
    const __m512i first = _mm512_set1_epi64(static_cast<long long>(load64(state)));
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) {
      d[r] = popcount_lanes(_mm512_xor_si512(_mm512_loadu_si512(at + r * block), first));
    }
    for (size_t w = 1; w < words; w++) {
      const __m512i s = _mm512_set1_epi64(static_cast<long long>(load64(state + 2 * w)));
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++) {
        const __m512i x = _mm512_xor_si512(_mm512_loadu_si512(at + r * block + 16 * w), s);
        d[r] = _mm512_add_epi32(d[r], popcount_lanes(x));
      }
    }
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) least = _mm512_min_epu32(least, d[r]);
  }
  for (; k < blocks; k++) {
    const uint32_t* at = planes + k * block;
    __m512i d = _mm512_setzero_si512();
    for (size_t w = 0; w < words; w++) {
      const __m512i s = _mm512_set1_epi64(static_cast<long long>(load64(state + 2 * w)));
      d = _mm512_add_epi32(d, popcount_lanes(_mm512_xor_si512(_mm512_loadu_si512(at + 16 * w), s)));
    }
    least = _mm512_min_epu32(least, d);
  }
  return _mm512_mask_reduce_min_epu32(0x5555, least);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_NEAREST_H_
