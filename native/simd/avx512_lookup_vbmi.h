// kernels/recall/vote_tables.h with VBMI.
#ifndef HOPFIELD_SIMD_AVX512_LOOKUP_VBMI_H_
#define HOPFIELD_SIMD_AVX512_LOOKUP_VBMI_H_

#include "simd/avx512_lookup.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// Six patterns a table: vpermb finds 64 bytes in 64 in one step of port 5.
struct Lookup : LookupOf64 {
  static constexpr size_t kBits = 6;
  static constexpr size_t kMostZips = 8;

  static inline __m512i find(const uint8_t* plane, __m512i index) {
    return _mm512_permutexvar_epi8(index, load(plane));
  }

  /// Sixteen-bit sums are packed to bytes within 128-bit lanes, so that bit 3 of an index tells the two
  /// halves apart: pattern 3 is added last, patterns 4 and 5 choose the lane.
  static inline int32_t tables(const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes) {
    const __m512i digit = _mm512_set1_epi16(static_cast<short>((1 << bits) - 1));
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(bits));
    int32_t lifts = 0;
    for (size_t g = 0; g < groups; g++) {
      const int16_t* v = votes + 6 * g;
      int32_t lift = 0;
      for (size_t k = 0; k < 6; k++) lift += v[k] < 0 ? -v[k] : 0;
      lifts += lift;
      __m512i a = _mm512_set1_epi16(static_cast<short>(lift));
      a = _mm512_mask_add_epi16(a, 0xaaaaaaaa, a, _mm512_set1_epi16(v[0]));
      a = _mm512_mask_add_epi16(a, 0xcccccccc, a, _mm512_set1_epi16(v[1]));
      a = _mm512_mask_add_epi16(a, 0xf0f0f0f0, a, _mm512_set1_epi16(v[2]));
      a = _mm512_mask_add_epi16(a, 0xff00ff00, a, _mm512_set1_epi16(v[4]));
      a = _mm512_mask_add_epi16(a, 0xffff0000, a, _mm512_set1_epi16(v[5]));
      const __m512i b = _mm512_add_epi16(a, _mm512_set1_epi16(v[3]));
      store(planes + 128 * g, _mm512_packus_epi16(_mm512_and_si512(a, digit), _mm512_and_si512(b, digit)));
      store(planes + 128 * g + 64,
            _mm512_packus_epi16(_mm512_srl_epi16(a, shift), _mm512_srl_epi16(b, shift)));
    }
    return lifts;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_LOOKUP_VBMI_H_
