// Eight f64 lanes, one register.
#ifndef HOPFIELD_SIMD_AVX512_REAL_H_
#define HOPFIELD_SIMD_AVX512_REAL_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// How many registers of sums a block of products takes: keys by one query, keys by several, those queries,
/// columns of values, and exponentials at once.
constexpr size_t kKeysAlone = 8, kKeysTogether = 4, kQueriesTogether = 6, kColumnsTogether = 4, kExps = 4;

using Real8 = __m512d;

static inline Real8 zero8() { return _mm512_setzero_pd(); }
static inline Real8 broadcast8(double x) { return _mm512_set1_pd(x); }
static inline Real8 load8(const double* p) { return _mm512_loadu_pd(p); }
static inline void store8(double* p, Real8 x) { _mm512_storeu_pd(p, x); }
static inline Real8 add8(Real8 a, Real8 b) { return _mm512_add_pd(a, b); }
static inline Real8 sub8(Real8 a, Real8 b) { return _mm512_sub_pd(a, b); }
static inline Real8 mul8(Real8 a, Real8 b) { return _mm512_mul_pd(a, b); }
static inline Real8 div8(Real8 a, Real8 b) { return _mm512_div_pd(a, b); }
static inline Real8 least8(Real8 a, Real8 b) { return _mm512_min_pd(a, b); }
static inline Real8 most8(Real8 a, Real8 b) { return _mm512_max_pd(a, b); }
static inline Real8 abs8(Real8 x) { return _mm512_abs_pd(x); }
/// The size of the one with the sign of the other.
static inline Real8 signed8(Real8 size, Real8 sign) {
  const Real8 minus = _mm512_set1_pd(-0.0);
  return _mm512_or_pd(_mm512_andnot_pd(minus, size), _mm512_and_pd(minus, sign));
}
/// a·b + c where a·b is exact.
static inline Real8 fma8(Real8 a, Real8 b, Real8 c) { return _mm512_fmadd_pd(a, b, c); }
/// Eight f32.
static inline Real8 widen8(const float* p) { return _mm512_cvtps_pd(_mm256_loadu_ps(p)); }
/// n < 8 f32, zeros after them.
static inline Real8 widen_some(const float* p, size_t n) {
  return _mm512_cvtps_pd(_mm256_maskz_loadu_ps(static_cast<__mmask8>((1u << n) - 1), p));
}
/// Eight weights of any type.
static inline Real8 weights8(const double* p) { return load8(p); }
static inline Real8 weights8(const float* p) { return widen8(p); }
static inline Real8 weights8(const int32_t* p) {
  return _mm512_cvtepi32_pd(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
/// a + b where the bit of the lane is set.
static inline Real8 add_where8(Real8 a, uint8_t bits, Real8 b) { return _mm512_mask_add_pd(a, bits, a, b); }
/// As f32 rounds it.
static inline Real8 rounded8(Real8 x) { return _mm512_cvtps_pd(_mm512_cvtpd_ps(x)); }
/// The first three levels of a Hadamard transform: (a, b) becomes (a + b, a − b), for lanes at distance 1,
/// 2, 4.
static inline Real8 hadamard8(Real8 x) {
  Real8 other = _mm512_permute_pd(x, 0x55);
  x = _mm512_mask_sub_pd(_mm512_add_pd(x, other), 0xaa, other, x);
  other = _mm512_permutex_pd(x, 0x4e);
  x = _mm512_mask_sub_pd(_mm512_add_pd(x, other), 0xcc, other, x);
  other = _mm512_shuffle_f64x2(x, x, 0x4e);
  return _mm512_mask_sub_pd(_mm512_add_pd(x, other), 0xf0, other, x);
}
/// 2^k from t = k + 1.5·2^52.
static inline Real8 power8(Real8 t) {
  const __m512i bits = _mm512_slli_epi64(_mm512_castpd_si512(t), 52);
  return _mm512_castsi512_pd(_mm512_add_epi64(bits, _mm512_set1_epi64(0x3ff0000000000000)));
}
/// dot8's fold: lanes k and k + 4, then k and k + 2, then the two that are left.
static inline double fold8(Real8 a) {
  const __m256d four = _mm256_add_pd(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd(a, 1));
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

/// Folds of a and b side by side: a_k + a_k+4, then b_k + b_k+4.
static inline Real8 halves8(Real8 a, Real8 b) {
  return _mm512_add_pd(_mm512_shuffle_f64x2(a, b, 0x44), _mm512_shuffle_f64x2(a, b, 0xee));
}
/// FourSums folds at once.
static inline __m256d fold_four(Real8 a, Real8 b, Real8 c, Real8 d) {
  const Real8 ab = halves8(a, b), cd = halves8(c, d);
  // Pairs of lanes: (a02 a13) (b02 b13) (c02 c13) (d02 d13).
  const Real8 pairs = _mm512_add_pd(_mm512_shuffle_f64x2(ab, cd, 0x88), _mm512_shuffle_f64x2(ab, cd, 0xdd));
  const Real8 even = _mm512_permutexvar_pd(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), pairs);
  return _mm256_add_pd(_mm512_castpd512_pd256(even), _mm512_extractf64x4_pd(even, 1));
}
template <size_t kCount>
static inline void fold_all(const Real8* sums, double* out) {
  size_t r = 0;
  HOPFIELD_UNROLL(2)
  for (; r + 4 <= kCount; r += 4) {
    _mm256_storeu_pd(out + r, fold_four(sums[r], sums[r + 1], sums[r + 2], sums[r + 3]));
  }
  HOPFIELD_UNROLL(4)
  for (; r < kCount; r++) out[r] = fold8(sums[r]);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_REAL_H_
