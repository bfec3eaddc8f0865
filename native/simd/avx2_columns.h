// Sums over the patterns of one neuron's column on AVX2, and of four neurons' columns at once.
#ifndef HOPFIELD_SIMD_AVX2_COLUMNS_H_
#define HOPFIELD_SIMD_AVX2_COLUMNS_H_

#include "simd/avx2_fields.h"
#include "simd/avx2_overlaps.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline int64_t sum32(__m256i x) {
  return sum64(_mm256_add_epi64(_mm256_cvtepi32_epi64(_mm256_castsi256_si128(x)),
                                _mm256_cvtepi32_epi64(_mm256_extracti128_si256(x, 1))));
}

static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sum = _mm256_setzero_si256();
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    __m256i a = _mm256_setzero_si256(), b = a;
    for (; k < end; k++) {
      a = _mm256_add_epi16(a, _mm256_and_si256(spread16(column[k]), load256(votes + k * 32)));
      b = _mm256_add_epi16(b, _mm256_and_si256(spread16(column[k] >> 16), load256(votes + k * 32 + 16)));
    }
    sum = _mm256_add_epi32(sum, _mm256_add_epi32(_mm256_madd_epi16(a, ones), _mm256_madd_epi16(b, ones)));
  }
  return sum32(sum);
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t) {
  __m256i sum = _mm256_setzero_si256();
  for (size_t q = 0; q < 4 * words; q++) {
    sum = _mm256_add_epi32(sum,
                           _mm256_and_si256(spread8(column[q / 4] >> (8 * (q % 4))), load256(votes + q * 8)));
  }
  return sum32(sum);
}

/// As column_sum, for four columns at once, in 32-bit lanes.
struct FourSums {
  __m256i lanes[4];
};

/// kWords is the number of words where it is known, 0 where it is not.
template <size_t kWords>
static inline FourSums four_columns(const uint32_t* const c[4], const int16_t* votes, size_t words, size_t) {
  // A word is broadcast as it is, so that even lanes have its low half and odd lanes its high one: votes are
  // laid out alike, once for the four. A product with a mask of −1 takes votes from the sum and widens it.
  const __m256i first =
      _mm256_setr_epi16(1, 1, 2, 2, 4, 4, 8, 8, 0x100, 0x100, 0x200, 0x200, 0x400, 0x400, 0x800, 0x800);
  const __m256i second = _mm256_slli_epi16(first, 4);
  FourSums sums;
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm256_setzero_si256();
  const size_t count = kWords != 0 ? kWords : words;
  HOPFIELD_UNROLL(8)
  for (size_t k = 0; k < count; k++) {
    const __m256i low = load256(votes + k * 32), high = load256(votes + k * 32 + 16);
    const __m256i a = _mm256_unpacklo_epi16(low, high), b = _mm256_unpackhi_epi16(low, high);
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) {
      const __m256i bits = _mm256_set1_epi32(static_cast<int>(c[r][k]));
      const __m256i in_a = _mm256_cmpeq_epi16(_mm256_and_si256(bits, first), first);
      const __m256i in_b = _mm256_cmpeq_epi16(_mm256_and_si256(bits, second), second);
      sums.lanes[r] = _mm256_sub_epi32(sums.lanes[r], _mm256_madd_epi16(in_a, a));
      sums.lanes[r] = _mm256_sub_epi32(sums.lanes[r], _mm256_madd_epi16(in_b, b));
    }
  }
  return sums;
}

template <size_t kWords>
static inline FourSums four_columns(const uint32_t* const c[4], const int32_t* votes, size_t words, size_t) {
  FourSums sums;
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) sums.lanes[r] = _mm256_setzero_si256();
  for (size_t q = 0; q < 4 * words; q++) {
    const __m256i vote = load256(votes + q * 8);
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) {
      const __m256i bits = spread8(c[r][q / 4] >> (8 * (q % 4)));
      sums.lanes[r] = _mm256_add_epi32(sums.lanes[r], _mm256_and_si256(bits, vote));
    }
  }
  return sums;
}

/// The four horizontal sums.
static inline __m128i fold_four(const FourSums& s) {
  const __m256i ab = _mm256_add_epi32(_mm256_unpacklo_epi32(s.lanes[0], s.lanes[1]),
                                      _mm256_unpackhi_epi32(s.lanes[0], s.lanes[1]));
  const __m256i cd = _mm256_add_epi32(_mm256_unpacklo_epi32(s.lanes[2], s.lanes[3]),
                                      _mm256_unpackhi_epi32(s.lanes[2], s.lanes[3]));
  const __m256i abcd = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
  return _mm_add_epi32(_mm256_castsi256_si128(abcd), _mm256_extracti128_si256(abcd, 1));
}

static inline void column_add(const uint32_t* column, int16_t* votes, size_t words, int delta) {
  const __m256i up = _mm256_set1_epi16(static_cast<short>(delta)),
                down = _mm256_set1_epi16(static_cast<short>(-delta));
  for (size_t k = 0; k < 2 * words; k++) {
    const __m256i change = _mm256_blendv_epi8(down, up, spread16(column[k / 2] >> (16 * (k % 2))));
    store256(votes + k * 16, _mm256_add_epi16(load256(votes + k * 16), change));
  }
}

static inline void column_add(const uint32_t* column, int32_t* votes, size_t words, int delta) {
  const __m256i up = _mm256_set1_epi32(delta), down = _mm256_set1_epi32(-delta);
  for (size_t q = 0; q < 4 * words; q++) {
    const __m256i change = _mm256_blendv_epi8(down, up, spread8(column[q / 4] >> (8 * (q % 4))));
    store256(votes + q * 8, _mm256_add_epi32(load256(votes + q * 8), change));
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_COLUMNS_H_
