// Sixteen f32 lanes, two registers.
#ifndef HOPFIELD_SIMD_AVX2_SINGLES_H_
#define HOPFIELD_SIMD_AVX2_SINGLES_H_

#include "simd/avx2_real.h"

namespace hopfield {
namespace {

/// How many registers of a row are summed at once, and how many rows and chains a block of products takes.
constexpr size_t kTile = 4, kDotRows = 2, kDotChains = 2;
/// The same of dot products of keys and queries.
constexpr size_t kSingleKeys = 2, kSingleQueries = 3;
/// The same where four keys lie side by side: fours of keys, and how long vectors are at most.
constexpr size_t kQuadGroups = 1, kQuadLength = 1024;

struct Single16 {
  __m256 low, high;
};

static inline Single16 zero16() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
static inline Single16 broadcast16(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
static inline Single16 load16(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
static inline void store16(float* p, Single16 x) {
  _mm256_storeu_ps(p, x.low);
  _mm256_storeu_ps(p + 8, x.high);
}
static inline Single16 add16(Single16 a, Single16 b) {
  return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
}
static inline Single16 sub16(Single16 a, Single16 b) {
  return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
}
static inline Single16 mul16(Single16 a, Single16 b) {
  return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}
/// a·b + c where a·b is exact.
static inline Single16 fma16(Single16 a, Single16 b, Single16 c) {
  return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
/// a·b + c, rounded once.
static inline Single16 fused16(Single16 a, Single16 b, Single16 c) { return fma16(a, b, c); }
/// Loaded once, where that matters.
static inline Single16 kept16(Single16 x) { return x; }
/// n < 16 numbers, zeros after them.
static inline Single16 load_some16(const float* p, size_t n) {
  if (n <= 8) return {load_first8(p, n), _mm256_setzero_ps()};
  return {_mm256_loadu_ps(p), load_first8(p + 8, n - 8)};
}
static inline Real8 widened8(__m256 x) {
  return {_mm256_cvtps_pd(_mm256_castps256_ps128(x)), _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1))};
}
static inline Real8 low8(Single16 x) { return widened8(x.low); }
static inline Real8 high8(Single16 x) { return widened8(x.high); }
static inline __m256 narrowed8(Real8 x) {
  return _mm256_set_m128(_mm256_cvtpd_ps(x.high), _mm256_cvtpd_ps(x.low));
}
/// Sixteen numbers as f32 rounds them.
static inline Single16 narrowed16(Real8 low, Real8 high) { return {narrowed8(low), narrowed8(high)}; }
/// 2^k from t = k + 1.5·2^23.
static inline __m256 powers8(__m256 t) {
  const __m256i bits = _mm256_slli_epi32(_mm256_castps_si256(t), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(bits, _mm256_set1_epi32(0x3f800000)));
}
static inline Single16 power16(Single16 t) { return {powers8(t.low), powers8(t.high)}; }
/// c − a·b where a·b is exact.
static inline Single16 fnma16(Single16 a, Single16 b, Single16 c) {
  return {_mm256_fnmadd_ps(a.low, b.low, c.low), _mm256_fnmadd_ps(a.high, b.high, c.high)};
}
static inline Single16 div16(Single16 a, Single16 b) {
  return {_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)};
}
static inline Single16 least16(Single16 a, Single16 b) {
  return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
}
static inline Single16 most16(Single16 a, Single16 b) {
  return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
}
/// Lanes k and k + 8, then k + 4, k + 2, k + 1.
static inline float fold16(Single16 a) {
  const __m256 eight = _mm256_add_ps(a.low, a.high);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
/// Two of them at once.
static inline void fold_two(Single16 a, Single16 b, double* out) {
  const __m256 x = _mm256_add_ps(a.low, a.high), y = _mm256_add_ps(b.low, b.high);
  const __m256 four = _mm256_add_ps(_mm256_permute2f128_ps(x, y, 0x20), _mm256_permute2f128_ps(x, y, 0x31));
  const __m256 two = _mm256_add_ps(four, _mm256_permute_ps(four, 0xee));
  const __m256 one = _mm256_add_ps(two, _mm256_permute_ps(two, 0x55));
  out[0] = static_cast<double>(_mm256_cvtss_f32(one));
  out[1] = static_cast<double>(_mm_cvtss_f32(_mm256_extractf128_ps(one, 1)));
}
/// fold16 of each.
template <size_t kCount>
static inline void fold_singles(const Single16* sums, double* out) {
  size_t r = 0;
  HOPFIELD_UNROLL(4)
  for (; r + 2 <= kCount; r += 2) fold_two(sums[r], sums[r + 1], out + r);
  if (r < kCount) out[r] = static_cast<double>(fold16(sums[r]));
}
/// The same of many registers: out[c][r] of sums[c][r].
template <size_t kFirst, size_t kSecond>
static inline void fold_all16(const Single16 (&sums)[kFirst][kSecond], float (&out)[kFirst][kSecond]) {
  for (size_t c = 0; c < kFirst; c++) {
    for (size_t r = 0; r < kSecond; r++) out[c][r] = fold16(sums[c][r]);
  }
}
/// Four numbers of each of four rows.
static inline Single16 rows16(const float* a, const float* b, const float* c, const float* d) {
  return {_mm256_set_m128(_mm_loadu_ps(b), _mm_loadu_ps(a)),
          _mm256_set_m128(_mm_loadu_ps(d), _mm_loadu_ps(c))};
}
/// Four numbers four times.
static inline Single16 repeated16(const float* p) {
  const __m256 two = _mm256_broadcast_ps(reinterpret_cast<const __m128*>(p));
  return {two, two};
}
/// Of quarters x and y of two: lanes k and k + 2 of each.
static inline __m256 pairs8(__m256 x, __m256 y) {
  const __m256d a = _mm256_castps_pd(x), b = _mm256_castps_pd(y);
  return _mm256_add_ps(_mm256_castpd_ps(_mm256_unpacklo_pd(a, b)),
                       _mm256_castpd_ps(_mm256_unpackhi_pd(a, b)));
}
static inline __m256 quads8(__m256 a, __m256 b, __m256 c, __m256 d) {
  const __m256 ab = pairs8(a, b), cd = pairs8(c, d);
  return _mm256_add_ps(_mm256_shuffle_ps(ab, cd, 0x88), _mm256_shuffle_ps(ab, cd, 0xdd));
}
/// fold16 from where four lanes are left, for each quarter of each of four: lane 4m + g is quarter m of g.
static inline Single16 fold_quads(const Single16* x) {
  return {quads8(x[0].low, x[1].low, x[2].low, x[3].low), quads8(x[0].high, x[1].high, x[2].high, x[3].high)};
}
/// Eight numbers as f32 rounds them.
static inline void narrow8(float* p, Real8 x) {
  _mm_storeu_ps(p, _mm256_cvtpd_ps(x.low));
  _mm_storeu_ps(p + 4, _mm256_cvtpd_ps(x.high));
}
/// 1 in lanes whose word is below the limit, `low` elsewhere.
static inline __m128 draw4(const uint32_t* words, __m256d limits, float low) {
  // Signed words, moved by 2^31: there is no conversion of others.
  const __m128i moved = _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words)),
                                      _mm_set1_epi32(static_cast<int32_t>(0x80000000u)));
  const __m256d whole = _mm256_add_pd(_mm256_cvtepi32_pd(moved), _mm256_set1_pd(2147483648.0));
  const __m256 below = _mm256_castpd_ps(_mm256_cmp_pd(whole, limits, _CMP_LT_OQ));
  const __m128 lanes = _mm_shuffle_ps(_mm256_castps256_ps128(below), _mm256_extractf128_ps(below, 1), 0x88);
  return _mm_blendv_ps(_mm_set1_ps(low), _mm_set1_ps(1), lanes);
}
/// 1 where the word is below 2^32·p, `low` elsewhere.
static inline Single16 draw16(const uint32_t* words, Single16 p, float low) {
  const auto four = [&](size_t at, __m128 chances) {
    const __m256d limits = _mm256_mul_pd(_mm256_cvtps_pd(chances), _mm256_set1_pd(0x1p32));
    return draw4(words + at, limits, low);
  };
  const auto eight = [&](size_t at, __m256 chances) {
    const __m128 first = four(at, _mm256_castps256_ps128(chances));
    return _mm256_set_m128(four(at + 4, _mm256_extractf128_ps(chances, 1)), first);
  };
  return {eight(0, p.low), eight(8, p.high)};
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_SINGLES_H_
