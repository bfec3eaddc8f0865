// kernels/retrieval/quantized_keys.h with AVX2.
//
// vpmaddubsw adds two products in 16 bits and saturates: codes of queries within ±63 keep 2·255·63 below
// 2^15.
#ifndef HOPFIELD_SIMD_AVX2_QUANTIZED_H_
#define HOPFIELD_SIMD_AVX2_QUANTIZED_H_

#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

constexpr int kQueryLevels = 63;
constexpr size_t kQueriesAPass = 1;

/// sums[c·64 + r] = Σ bytes of key r · codes of query c.
template <size_t kCount>
static inline void tile_products(const uint8_t* keys, size_t groups, const int8_t* const* queries,
                                 int32_t* sums) {
  const __m256i ones = _mm256_set1_epi16(1);
  for (size_t c = 0; c < kCount; c++) {
    __m256i sum[8];
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < 8; k++) sum[k] = _mm256_setzero_si256();
    for (size_t g = 0; g < groups; g++) {
      int32_t four;
      memcpy(&four, queries[c] + 4 * g, 4);
      const __m256i q = _mm256_set1_epi32(four);
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < 8; k++) {
        const __m256i pairs = _mm256_maddubs_epi16(load256(keys + 256 * g + 32 * k), q);
        sum[k] = _mm256_add_epi32(sum[k], _mm256_madd_epi16(pairs, ones));
      }
    }
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < 8; k++) store256(sums + c * 64 + 8 * k, sum[k]);
  }
}

static inline float largest64(const float* values) {
  __m256 most = _mm256_loadu_ps(values);
  HOPFIELD_UNROLL(8)
  for (size_t k = 1; k < 8; k++) most = _mm256_max_ps(most, _mm256_loadu_ps(values + 8 * k));
  __m128 four = _mm_max_ps(_mm256_castps256_ps128(most), _mm256_extractf128_ps(most, 1));
  four = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
}

/// Bit r where values[r] ≥ least.
static inline uint64_t at_least64(const float* values, float least) {
  const __m256 bound = _mm256_set1_ps(least);
  uint64_t bits = 0;
  HOPFIELD_UNROLL(8)
  for (size_t k = 0; k < 8; k++) {
    const int some = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(values + 8 * k), bound, _CMP_GE_OQ));
    bits |= static_cast<uint64_t>(static_cast<uint32_t>(some)) << (8 * k);
  }
  return bits;
}

static HOPFIELD_INLINE void prefetch_line(const float* at) {
  _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T1);
}
static HOPFIELD_INLINE void prefetch_row(const float* at, size_t count) {
  for (size_t k = 0; k < count; k += 16) {
    _mm_prefetch(reinterpret_cast<const char*>(at + k), _MM_HINT_T0);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_QUANTIZED_H_
