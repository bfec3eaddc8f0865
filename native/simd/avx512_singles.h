// Sixteen f32 lanes, one register.
#ifndef HOPFIELD_SIMD_AVX512_SINGLES_H_
#define HOPFIELD_SIMD_AVX512_SINGLES_H_

#include "simd/avx512_real.h"

namespace hopfield {
namespace {

/// How many registers of a row are summed at once, and how many rows and chains a block of products takes.
constexpr size_t kTile = 8, kDotRows = 4, kDotChains = 4;

using Single16 = __m512;

static inline Single16 zero16() { return _mm512_setzero_ps(); }
static inline Single16 broadcast16(float x) { return _mm512_set1_ps(x); }
static inline Single16 load16(const float* p) { return _mm512_loadu_ps(p); }
static inline void store16(float* p, Single16 x) { _mm512_storeu_ps(p, x); }
static inline Single16 add16(Single16 a, Single16 b) { return _mm512_add_ps(a, b); }
static inline Single16 sub16(Single16 a, Single16 b) { return _mm512_sub_ps(a, b); }
static inline Single16 mul16(Single16 a, Single16 b) { return _mm512_mul_ps(a, b); }
/// a·b + c where a·b is exact.
static inline Single16 fma16(Single16 a, Single16 b, Single16 c) { return _mm512_fmadd_ps(a, b, c); }
/// Lanes k and k + 8, then k + 4, k + 2, k + 1.
static inline float fold16(Single16 a) {
  const __m256 upper = _mm512_extractf32x8_ps(a, 1);
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(a), upper);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
/// Eight numbers as f32 rounds them.
static inline void narrow8(float* p, Real8 x) { _mm256_storeu_ps(p, _mm512_cvtpd_ps(x)); }
/// 1 where the word is below the limit, `low` elsewhere.
static inline void draw8(const uint32_t* words, Real8 limits, float low, float* out) {
  const __m256i eight = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words));
  const __mmask8 below = _mm512_cmp_pd_mask(_mm512_cvtepu32_pd(eight), limits, _CMP_LT_OQ);
  _mm256_storeu_ps(out, _mm256_mask_blend_ps(below, _mm256_set1_ps(low), _mm256_set1_ps(1)));
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_SINGLES_H_
