// kernels/retrieval/quantized_keys.h with VNNI.
//
//   intrinsic                  instruction   Ice Lake … Zen 5: latency, ports
//   _mm512_dpbusd_epi32        vpdpbusd      5, p0 (Intel), 4, two a cycle (Zen 4 and later)
//   _mm512_set1_epi32(m32)     vpbroadcastd  load
//
// FourSums registers of keys and four queries are sixteen sums that wait for nothing but themselves.
#ifndef HOPFIELD_SIMD_AVX512_QUANTIZED_H_
#define HOPFIELD_SIMD_AVX512_QUANTIZED_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

constexpr int kQueryLevels = 127;
constexpr size_t kQueriesAPass = 4;

/// sums[c·64 + r] = Σ bytes of key r · codes of query c.
template <size_t kCount>
static inline void tile_products(const uint8_t* keys, size_t groups, const int8_t* const* queries,
                                 int32_t* sums) {
  __m512i sum[kCount][4];
  HOPFIELD_UNROLL(4)
  for (size_t c = 0; c < kCount; c++) {
    HOPFIELD_UNROLL(4)
    for (size_t k = 0; k < 4; k++) sum[c][k] = _mm512_setzero_si512();
  }
  for (size_t g = 0; g < groups; g++) {
    __m512i key[4];
    HOPFIELD_UNROLL(4)
    for (size_t k = 0; k < 4; k++) key[k] = _mm512_loadu_si512(keys + 256 * g + 64 * k);
    HOPFIELD_UNROLL(4)
    for (size_t c = 0; c < kCount; c++) {
      int32_t four;
      memcpy(&four, queries[c] + 4 * g, 4);
      const __m512i q = _mm512_set1_epi32(four);
      HOPFIELD_UNROLL(4)
      for (size_t k = 0; k < 4; k++) sum[c][k] = _mm512_dpbusd_epi32(sum[c][k], key[k], q);
    }
  }
  HOPFIELD_UNROLL(4)
  for (size_t c = 0; c < kCount; c++) {
    HOPFIELD_UNROLL(4)
    for (size_t k = 0; k < 4; k++) _mm512_storeu_si512(sums + c * 64 + 16 * k, sum[c][k]);
  }
}

static inline float largest64(const float* values) {
  const __m512 a = _mm512_max_ps(_mm512_loadu_ps(values), _mm512_loadu_ps(values + 16));
  const __m512 b = _mm512_max_ps(_mm512_loadu_ps(values + 32), _mm512_loadu_ps(values + 48));
  return _mm512_reduce_max_ps(_mm512_max_ps(a, b));
}

/// Bit r where values[r] ≥ least.
static inline uint64_t at_least64(const float* values, float least) {
  const __m512 bound = _mm512_set1_ps(least);
  uint64_t bits = 0;
  HOPFIELD_UNROLL(4)
  for (size_t k = 0; k < 4; k++) {
    const __mmask16 some = _mm512_cmp_ps_mask(_mm512_loadu_ps(values + 16 * k), bound, _CMP_GE_OQ);
    bits |= static_cast<uint64_t>(some) << (16 * k);
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

#endif  // HOPFIELD_SIMD_AVX512_QUANTIZED_H_
