// Sums over a neuron's connections with AVX2.
#ifndef HOPFIELD_SIMD_AVX2_CONNECTIONS_H_
#define HOPFIELD_SIMD_AVX2_CONNECTIONS_H_

#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// ±weight of eight connections: the state's words are gathered from the first-level cache, and the bit
/// becomes the sign.
static inline __m256i eight_terms(__m256i weight, __m256i source, const uint32_t* state) {
  const __m256i low = _mm256_set1_epi32(31);
  const __m256i word =
      _mm256_i32gather_epi32(reinterpret_cast<const int*>(state), _mm256_srli_epi32(source, 5), 4);
  // All ones where the bit is 0: x ^ −1 − (−1) = −x.
  const __m256i shifted = _mm256_sllv_epi32(word, _mm256_andnot_si256(source, low));
  const __m256i down = _mm256_cmpgt_epi32(shifted, _mm256_set1_epi32(-1));
  return _mm256_sub_epi32(_mm256_xor_si256(weight, down), down);
}

static inline int32_t sum_of_eight(__m256i sums) {
  alignas(32) int32_t eight[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(eight), sums);
  int32_t sum = 0;
  for (const int32_t part : eight) sum += part;
  return sum;
}

/// Σ_k weights[k]·s_k, where s_k is ±1 as bit sources[k] of the state says, or bit `last` where that is
/// beyond.
static inline int32_t connected_sum(const int32_t* weights, const uint32_t* sources, size_t count,
                                    const uint32_t* state, uint32_t last) {
  const __m256i most = _mm256_set1_epi32(static_cast<int>(last));
  __m256i sums = _mm256_setzero_si256();
  size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    const __m256i given = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(sources + k));
    const __m256i weight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(weights + k));
    sums = _mm256_add_epi32(sums, eight_terms(weight, _mm256_min_epu32(given, most), state));
  }
  int32_t sum = sum_of_eight(sums);
  for (; k < count; k++) {
    const uint32_t source = sources[k] < last ? sources[k] : last;
    const bool up = (state[source / 32] >> (source % 32) & 1u) != 0;
    sum += up ? weights[k] : -weights[k];
  }
  return sum;
}

/// The same of connections in three bytes each.
static inline int32_t connected_sum(const int8_t* weights, const uint16_t* sources, size_t count,
                                    const uint32_t* state) {
  __m256i sums = _mm256_setzero_si256();
  size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    const __m128i source = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sources + k));
    const __m128i weight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(weights + k));
    sums = _mm256_add_epi32(sums,
                            eight_terms(_mm256_cvtepi8_epi32(weight), _mm256_cvtepu16_epi32(source), state));
  }
  int32_t sum = sum_of_eight(sums);
  for (; k < count; k++) {
    const bool up = (state[sources[k] / 32] >> (sources[k] % 32) & 1u) != 0;
    sum += up ? weights[k] : -weights[k];
  }
  return sum;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_CONNECTIONS_H_
