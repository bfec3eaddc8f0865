// Eight f64 lanes, two registers.
#ifndef HOPFIELD_SIMD_AVX2_REAL_H_
#define HOPFIELD_SIMD_AVX2_REAL_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

/// How many registers of sums a block of products takes: keys by one query, keys by several, those queries,
/// columns of values, and exponentials at once.
constexpr size_t kKeysAlone = 4, kKeysTogether = 2, kQueriesTogether = 3, kColumnsTogether = 2, kExps = 1;

struct Real8 {
  __m256d low, high;
};

static inline Real8 zero8() { return {_mm256_setzero_pd(), _mm256_setzero_pd()}; }
static inline Real8 broadcast8(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
static inline Real8 load8(const double* p) { return {_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4)}; }
static inline void store8(double* p, Real8 x) {
  _mm256_storeu_pd(p, x.low);
  _mm256_storeu_pd(p + 4, x.high);
}
static inline Real8 add8(Real8 a, Real8 b) {
  return {_mm256_add_pd(a.low, b.low), _mm256_add_pd(a.high, b.high)};
}
static inline Real8 sub8(Real8 a, Real8 b) {
  return {_mm256_sub_pd(a.low, b.low), _mm256_sub_pd(a.high, b.high)};
}
static inline Real8 mul8(Real8 a, Real8 b) {
  return {_mm256_mul_pd(a.low, b.low), _mm256_mul_pd(a.high, b.high)};
}
static inline Real8 div8(Real8 a, Real8 b) {
  return {_mm256_div_pd(a.low, b.low), _mm256_div_pd(a.high, b.high)};
}
static inline Real8 least8(Real8 a, Real8 b) {
  return {_mm256_min_pd(a.low, b.low), _mm256_min_pd(a.high, b.high)};
}
static inline Real8 most8(Real8 a, Real8 b) {
  return {_mm256_max_pd(a.low, b.low), _mm256_max_pd(a.high, b.high)};
}
static inline Real8 abs8(Real8 x) {
  const __m256d minus = _mm256_set1_pd(-0.0);
  return {_mm256_andnot_pd(minus, x.low), _mm256_andnot_pd(minus, x.high)};
}
/// The size of the one with the sign of the other.
static inline Real8 signed8(Real8 size, Real8 sign) {
  const __m256d minus = _mm256_set1_pd(-0.0);
  return {_mm256_or_pd(_mm256_andnot_pd(minus, size.low), _mm256_and_pd(minus, sign.low)),
          _mm256_or_pd(_mm256_andnot_pd(minus, size.high), _mm256_and_pd(minus, sign.high))};
}
/// a·b + c where a·b is exact.
static inline Real8 fma8(Real8 a, Real8 b, Real8 c) {
  return {_mm256_fmadd_pd(a.low, b.low, c.low), _mm256_fmadd_pd(a.high, b.high, c.high)};
}
/// Eight f32.
static inline Real8 widen8(const float* p) {
  return {_mm256_cvtps_pd(_mm_loadu_ps(p)), _mm256_cvtps_pd(_mm_loadu_ps(p + 4))};
}
/// n ≤ 8 f32 as they are, zeros after them.
static inline __m256 load_first8(const float* p, size_t n) {
  static constexpr int32_t kLanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return _mm256_maskload_ps(p, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kLanes + 8 - n)));
}
/// n < 8 f32, zeros after them.
static inline Real8 widen_some(const float* p, size_t n) {
  const __m256 x = load_first8(p, n);
  return {_mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1))};
}
/// Eight weights of any type.
static inline Real8 weights8(const double* p) { return load8(p); }
static inline Real8 weights8(const float* p) { return widen8(p); }
static inline Real8 weights8(const int32_t* p) {
  return {_mm256_cvtepi32_pd(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))),
          _mm256_cvtepi32_pd(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 4)))};
}
/// All ones in the lanes whose bits are set.
static inline __m256d lanes4(__m256i bits, __m256i of) {
  return _mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_and_si256(bits, of), of));
}
/// a + b where the bit of the lane is set.
static inline Real8 add_where8(Real8 a, uint8_t bits, Real8 b) {
  const __m256i all = _mm256_set1_epi64x(bits);
  const __m256d low = lanes4(all, _mm256_setr_epi64x(1, 2, 4, 8));
  const __m256d high = lanes4(all, _mm256_setr_epi64x(16, 32, 64, 128));
  return {_mm256_blendv_pd(a.low, _mm256_add_pd(a.low, b.low), low),
          _mm256_blendv_pd(a.high, _mm256_add_pd(a.high, b.high), high)};
}
/// As f32 rounds it.
static inline Real8 rounded8(Real8 x) {
  return {_mm256_cvtps_pd(_mm256_cvtpd_ps(x.low)), _mm256_cvtps_pd(_mm256_cvtpd_ps(x.high))};
}
/// The first three levels of a Hadamard transform: (a, b) becomes (a + b, a − b), for lanes at distance 1,
/// 2, 4.
static inline __m256d hadamard4(__m256d x) {
  const __m256d near = _mm256_permute_pd(x, 5);
  x = _mm256_blend_pd(_mm256_add_pd(x, near), _mm256_sub_pd(near, x), 10);
  const __m256d far = _mm256_permute2f128_pd(x, x, 1);
  return _mm256_blend_pd(_mm256_add_pd(x, far), _mm256_sub_pd(far, x), 12);
}
static inline Real8 hadamard8(Real8 x) {
  const __m256d low = hadamard4(x.low), high = hadamard4(x.high);
  return {_mm256_add_pd(low, high), _mm256_sub_pd(low, high)};
}
/// 2^k from t = k + 1.5·2^52.
static inline __m256d power4(__m256d t) {
  const __m256i bits = _mm256_slli_epi64(_mm256_castpd_si256(t), 52);
  return _mm256_castsi256_pd(_mm256_add_epi64(bits, _mm256_set1_epi64x(0x3ff0000000000000)));
}
static inline Real8 power8(Real8 t) { return {power4(t.low), power4(t.high)}; }
/// dot8's fold: lanes k and k + 4, then k and k + 2, then the two that are left.
static inline double fold8(Real8 a) {
  const __m256d four = _mm256_add_pd(a.low, a.high);
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}
template <size_t kCount>
static inline void fold_all(const Real8* sums, double* out) {
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < kCount; r++) out[r] = fold8(sums[r]);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_REAL_H_
