// Sums over the patterns of one neuron's column on AVX2.
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
