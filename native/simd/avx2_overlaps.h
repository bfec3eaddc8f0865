// Counts of differing bits on AVX2: bits are counted by a table of nibbles.
#ifndef HOPFIELD_SIMD_AVX2_OVERLAPS_H_
#define HOPFIELD_SIMD_AVX2_OVERLAPS_H_

#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/portable_overlaps.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

static inline __m256i popcount_lanes(__m256i x) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2,
                                         3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
  const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
  return _mm256_sad_epu8(_mm256_add_epi8(low, high), _mm256_setzero_si256());
}

static inline int64_t sum64(__m256i x) {
  const __m128i half = _mm_add_epi64(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  return _mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1);
}

static inline void row_overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
                                int32_t* out) {
  if (neurons <= kShortBits) {
    return short_overlaps([](uint64_t x) { return count_ones(x); }, rows, count, neurons, state, out);
  }
  const size_t words = row_words(neurons);
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    __m256i a = _mm256_setzero_si256(), b = a;
    for (size_t k = 0; k < words; k += 16) {
      a = _mm256_add_epi64(a, popcount_lanes(_mm256_xor_si256(load256(row + k), load256(state + k))));
      b = _mm256_add_epi64(b, popcount_lanes(_mm256_xor_si256(load256(row + k + 8), load256(state + k + 8))));
    }
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * sum64(_mm256_add_epi64(a, b)));
  }
}

static inline void column_differences(const uint64_t* planes, size_t neurons, size_t words,
                                      const uint64_t* column, int32_t* out) {
  size_t j = 0;
  for (; j + 4 <= neurons; j += 4) {
    __m256i sum = _mm256_setzero_si256();
    for (size_t w = 0; w < words; w++) {
      const __m256i c = _mm256_set1_epi64x(static_cast<long long>(column[w]));
      sum = _mm256_add_epi64(sum, popcount_lanes(_mm256_xor_si256(load256(planes + w * neurons + j), c)));
    }
    const __m256i narrow = _mm256_permutevar8x32_epi32(sum, _mm256_setr_epi32(0, 2, 4, 6, 0, 0, 0, 0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + j), _mm256_castsi256_si128(narrow));
  }
  for (; j < neurons; j++) {
    int differing = 0;
    for (size_t w = 0; w < words; w++) differing += count_ones(planes[w * neurons + j] ^ column[w]);
    out[j] = differing;
  }
}

static inline void overlaps_of(const uint32_t* rows, size_t count, size_t neurons, size_t states,
                               const uint32_t* const* state, int32_t* const* out) {
  portable::overlaps_in_turn(row_overlaps, rows, count, neurons, states, state, out);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_OVERLAPS_H_
