#ifndef HOPFIELD_SIMD_AVX2_NEAREST_H_
#define HOPFIELD_SIMD_AVX2_NEAREST_H_

#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Words whose counts, eight a byte at most, a byte can hold together.
constexpr size_t kByteWords = 31;

/// The counts of every byte.
static inline __m256i popcount_bytes(__m256i x) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2,
                                         3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble));
  const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
  return _mm256_add_epi8(low, high);
}

/// The least number of bits in which `state` differs from any of 8·blocks patterns in planes.
static inline uint32_t least_difference(const uint32_t* planes, size_t blocks, size_t words,
                                        const uint32_t* state) {
  const __m256i zero = _mm256_setzero_si256();
  // Counts are below 2^31, so the lower half of a lane is all of it.
  __m256i least = _mm256_set1_epi32(-1);
  for (size_t k = 0; k < blocks; k++) {
    const uint32_t* at = planes + k * 16 * words;
    __m256i low = zero, high = zero;
    for (size_t from = 0; from < words; from += kByteWords) {
      const size_t end = words - from < kByteWords ? words : from + kByteWords;
      __m256i a = zero, b = zero;
      for (size_t w = from; w < end; w++) {
        const __m256i s = _mm256_set1_epi64x(static_cast<long long>(load64(state + 2 * w)));
        a = _mm256_add_epi8(a, popcount_bytes(_mm256_xor_si256(load256(at + 16 * w), s)));
        b = _mm256_add_epi8(b, popcount_bytes(_mm256_xor_si256(load256(at + 16 * w + 8), s)));
      }
      low = _mm256_add_epi32(low, _mm256_sad_epu8(a, zero));
      high = _mm256_add_epi32(high, _mm256_sad_epu8(b, zero));
    }
    least = _mm256_min_epu32(least, _mm256_min_epu32(low, high));
  }
  const __m128i half = _mm_min_epu32(_mm256_castsi256_si128(least), _mm256_extracti128_si256(least, 1));
  const __m128i one = _mm_min_epu32(half, _mm_unpackhi_epi64(half, half));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(one));
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_NEAREST_H_
