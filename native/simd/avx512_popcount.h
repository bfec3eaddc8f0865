// Bits of eight 64-bit lanes. Skylake-X and Cascade Lake have no VPOPCNTDQ: there a table of nibbles counts.
#ifndef HOPFIELD_SIMD_AVX512_POPCOUNT_H_
#define HOPFIELD_SIMD_AVX512_POPCOUNT_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

#if defined(HOPFIELD_NO_VPOPCNTDQ)
static inline __m512i popcount_lanes(__m512i x) {
  const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m512i nibble = _mm512_set1_epi8(15);
  const __m512i low = _mm512_shuffle_epi8(table, _mm512_and_si512(x, nibble));
  const __m512i high = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble));
  return _mm512_sad_epu8(_mm512_add_epi8(low, high), _mm512_setzero_si512());
}
#else
static inline __m512i popcount_lanes(__m512i x) { return _mm512_popcnt_epi64(x); }
#endif

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_POPCOUNT_H_
