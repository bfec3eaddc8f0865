// What both kinds of look-up of kernels/recall/vote_tables.h on AVX-512 share.
#ifndef HOPFIELD_SIMD_AVX512_LOOKUP_H_
#define HOPFIELD_SIMD_AVX512_LOOKUP_H_

#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

/// What both kinds of look-up share: 64 neurons a register, and zips that work within 128-bit lanes.
struct LookupOf64 {
  static constexpr size_t kLanes = 64;
  static constexpr size_t kLeastCues = 4;
  static constexpr bool kAlone = true;

  static inline __m512i zero() { return _mm512_setzero_si512(); }
  static inline __m512i load(const uint8_t* p) { return _mm512_loadu_si512(p); }
  static inline void store(uint8_t* p, __m512i x) { _mm512_storeu_si512(p, x); }
  static inline __m512i spread(const uint32_t* words, size_t reg, uint8_t value) {
    return _mm512_maskz_mov_epi8(load64(words + 2 * reg), _mm512_set1_epi8(static_cast<char>(value)));
  }
  static inline __m512i join(__m512i a, __m512i b) { return _mm512_or_si512(a, b); }
  static inline __m512i arrange(__m512i index) {
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7), index);
  }
  static inline __m512i add8(__m512i a, __m512i b) { return _mm512_add_epi8(a, b); }
  static inline __m512i add16(__m512i a, __m512i b) { return _mm512_add_epi16(a, b); }
  static inline __m512i shift16(__m512i x, unsigned bits) {
    return _mm512_sll_epi16(x, _mm_cvtsi32_si128(static_cast<int>(bits)));
  }
  static inline __m512i even(__m512i x) { return _mm512_and_si512(x, _mm512_set1_epi16(0xff)); }
  static inline __m512i odd(__m512i x) { return _mm512_srli_epi16(x, 8); }
  static inline __m512i zip8_low(__m512i l, __m512i h) { return _mm512_unpacklo_epi8(l, h); }
  static inline __m512i zip8_high(__m512i l, __m512i h) { return _mm512_unpackhi_epi8(l, h); }
  static inline __m512i zip16_low(__m512i e, __m512i o) { return _mm512_unpacklo_epi16(e, o); }
  static inline __m512i zip16_high(__m512i e, __m512i o) { return _mm512_unpackhi_epi16(e, o); }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_LOOKUP_H_
