// Sums over the patterns of one neuron's column on AVX-512, and of four neurons' columns at once.
#ifndef HOPFIELD_SIMD_AVX512_COLUMNS_H_
#define HOPFIELD_SIMD_AVX512_COLUMNS_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// The sum of sixteen 32-bit lanes, each of them at most N·P/16 in magnitude.
static inline int64_t sum32(__m512i x) {
  return _mm512_reduce_add_epi64(_mm512_add_epi64(_mm512_cvtepi32_epi64(_mm512_castsi512_si256(x)),
                                                  _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(x, 1))));
}

static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  const __m512i ones = _mm512_set1_epi16(1);
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    __m512i lanes = _mm512_setzero_si512();
    for (; k < end; k++)
      lanes = _mm512_mask_add_epi16(lanes, column[k], lanes, _mm512_loadu_si512(votes + k * 32));
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(lanes, ones));
  }
  return sum32(sum);
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t) {
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < words; k++) {
    const uint32_t bits = column[k];
    sum = _mm512_mask_add_epi32(sum, static_cast<__mmask16>(bits), sum, _mm512_loadu_si512(votes + k * 32));
    sum = _mm512_mask_add_epi32(sum, static_cast<__mmask16>(bits >> 16), sum,
                                _mm512_loadu_si512(votes + k * 32 + 16));
  }
  return sum32(sum);
}

/// As column_sum, for four columns at once, in 32-bit lanes.
struct FourSums {
  __m512i lanes[4];
};

/// kWords is the number of words where it is known, 0 where it is not: straight-line code keeps the masks
/// coming.
template <size_t kWords>
static inline FourSums four_columns(const uint32_t* const c[4], const int16_t* votes, size_t words,
                                    size_t span) {
  const __m512i ones = _mm512_set1_epi16(1);
  FourSums sums;
  if (kWords != 0) {
    __m512i lanes[4];
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_maskz_loadu_epi16(c[r][0], votes);
    HOPFIELD_UNROLL(8)
    for (size_t k = 1; k < kWords; k++) {
      const __m512i vote = _mm512_loadu_si512(votes + k * 32);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_mask_add_epi16(lanes[r], c[r][k], lanes[r], vote);
    }
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm512_madd_epi16(lanes[r], ones);
    return sums;
  }
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm512_setzero_si512();
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    __m512i lanes[4];
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_setzero_si512();
    for (; k < end; k++) {
      const __m512i vote = _mm512_loadu_si512(votes + k * 32);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++) lanes[r] = _mm512_mask_add_epi16(lanes[r], c[r][k], lanes[r], vote);
    }
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) {
      sums.lanes[r] = _mm512_add_epi32(sums.lanes[r], _mm512_madd_epi16(lanes[r], ones));
    }
  }
  return sums;
}

template <size_t kWords>
static inline FourSums four_columns(const uint32_t* const c[4], const int32_t* votes, size_t words, size_t) {
  FourSums sums;
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm512_setzero_si512();
  for (size_t k = 0; k < words; k++) {
    const __m512i low = _mm512_loadu_si512(votes + k * 32), high = _mm512_loadu_si512(votes + k * 32 + 16);
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) {
      const uint32_t bits = c[r][k];
      sums.lanes[r] = _mm512_mask_add_epi32(sums.lanes[r], static_cast<__mmask16>(bits), sums.lanes[r], low);
      sums.lanes[r] =
          _mm512_mask_add_epi32(sums.lanes[r], static_cast<__mmask16>(bits >> 16), sums.lanes[r], high);
    }
  }
  return sums;
}

/// The four horizontal sums.
static inline __m128i fold_four(const FourSums& s) {
  const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(s.lanes[0], s.lanes[1]),
                                      _mm512_unpackhi_epi32(s.lanes[0], s.lanes[1]));
  const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(s.lanes[2], s.lanes[3]),
                                      _mm512_unpackhi_epi32(s.lanes[2], s.lanes[3]));
  const __m512i abcd = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(abcd), _mm512_extracti64x4_epi64(abcd, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

static inline void column_add(const uint32_t* column, int16_t* votes, size_t words, int delta) {
  const __m512i up = _mm512_set1_epi16(static_cast<short>(delta));
  const __m512i down = _mm512_set1_epi16(static_cast<short>(-delta));
  for (size_t k = 0; k < words; k++) {
    const __m512i change = _mm512_mask_blend_epi16(column[k], down, up);
    _mm512_storeu_si512(votes + k * 32, _mm512_add_epi16(_mm512_loadu_si512(votes + k * 32), change));
  }
}

static inline void column_add(const uint32_t* column, int32_t* votes, size_t words, int delta) {
  const __m512i up = _mm512_set1_epi32(delta);
  const __m512i down = _mm512_set1_epi32(-delta);
  for (size_t k = 0; k < 2 * words; k++) {
    const __mmask16 bits = static_cast<__mmask16>(column[k / 2] >> (16 * (k % 2)));
    const __m512i change = _mm512_mask_blend_epi32(bits, down, up);
    _mm512_storeu_si512(votes + k * 16, _mm512_add_epi32(_mm512_loadu_si512(votes + k * 16), change));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_COLUMNS_H_
