// kernels/recall/vote_tables.h without VBMI.
#ifndef HOPFIELD_SIMD_AVX512_LOOKUP_SKX_H_
#define HOPFIELD_SIMD_AVX512_LOOKUP_SKX_H_

#include "simd/avx512_lookup.h"
#include "simd/intrinsics.h"
#include "simd/portable_lookup.h"

namespace hopfield {
namespace {

/// FourSums patterns a table, the same in every 128-bit lane.
struct Lookup : LookupOf64 {
  static constexpr size_t kBits = 4;
  static constexpr size_t kMostZips = 16;
  static constexpr size_t kPackedBytes = 1, kPackedTables = 2;
  static constexpr bool kTallies = false;

  static inline void unpack(__m512i x[2]) {
    const __m512i low = _mm512_set1_epi8(0x0f);
    x[1] = _mm512_and_si512(_mm512_srli_epi16(x[0], 4), low);
    x[0] = _mm512_and_si512(x[0], low);
  }
  static inline __m512i find(const uint8_t* plane, __m512i index) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(plane));
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(x), index);
  }
  static inline int32_t tables(const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes) {
    return portable::nibble_tables(votes, groups, bits, planes);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_LOOKUP_SKX_H_
