// Sums over a neuron's connections with AVX-512.
#ifndef HOPFIELD_SIMD_AVX512_CONNECTIONS_H_
#define HOPFIELD_SIMD_AVX512_CONNECTIONS_H_

#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

/// Σ_k weights[k]·s_k, where s_k is ±1 as bit sources[k] of the state says, or bit `last` where that is
/// beyond: the state's words are gathered from the first-level cache.
static inline int32_t connected_sum(const int32_t* weights, const uint32_t* sources, size_t count,
                                    const uint32_t* state, uint32_t last) {
  const __m512i one = _mm512_set1_epi32(1), low = _mm512_set1_epi32(31);
  const __m512i most = _mm512_set1_epi32(static_cast<int>(last));
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < count; k += 16) {
    const __mmask16 used = static_cast<__mmask16>(count - k < 16 ? (1u << (count - k)) - 1 : 0xffff);
    const __m512i source = _mm512_min_epu32(_mm512_maskz_loadu_epi32(used, sources + k), most);
    const __m512i weight = _mm512_maskz_loadu_epi32(used, weights + k);
    const __m512i word = _mm512_i32gather_epi32(_mm512_srli_epi32(source, 5), state, 4);
    const __mmask16 up = _mm512_test_epi32_mask(word, _mm512_sllv_epi32(one, _mm512_and_si512(source, low)));
    const __m512i less = _mm512_sub_epi32(sum, weight);
    sum = _mm512_mask_add_epi32(less, up, sum, weight);
  }
  return _mm512_reduce_add_epi32(sum);
}

/// The same of connections in three bytes each.
static inline int32_t connected_sum(const int8_t* weights, const uint16_t* sources, size_t count,
                                    const uint32_t* state) {
  const __m512i one = _mm512_set1_epi32(1), low = _mm512_set1_epi32(31);
  __m512i sum = _mm512_setzero_si512();
  for (size_t k = 0; k < count; k += 16) {
    const __mmask16 used = static_cast<__mmask16>(count - k < 16 ? (1u << (count - k)) - 1 : 0xffff);
    const __m512i source = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(used, sources + k));
    const __m512i weight = _mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(used, weights + k));
    const __m512i word = _mm512_i32gather_epi32(_mm512_srli_epi32(source, 5), state, 4);
    const __mmask16 up = _mm512_test_epi32_mask(word, _mm512_sllv_epi32(one, _mm512_and_si512(source, low)));
    const __m512i less = _mm512_sub_epi32(sum, weight);
    sum = _mm512_mask_add_epi32(less, up, sum, weight);
  }
  return _mm512_reduce_add_epi32(sum);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_CONNECTIONS_H_
