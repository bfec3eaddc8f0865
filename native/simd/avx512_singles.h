// Sixteen f32 lanes, one register.
#ifndef HOPFIELD_SIMD_AVX512_SINGLES_H_
#define HOPFIELD_SIMD_AVX512_SINGLES_H_

#include "simd/avx512_real.h"

namespace hopfield {
namespace {

/// How many registers of a row are summed at once, and how many rows and chains a block of products takes.
constexpr size_t kTile = 8, kDotRows = 4, kDotChains = 4;
/// The same of dot products of keys and queries.
constexpr size_t kSingleKeys = 8, kSingleQueries = 3;
/// The same where four keys lie side by side: fours of keys, and how long vectors are at most.
constexpr size_t kQuadGroups = 4, kQuadLength = 128;

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
/// a·b + c, rounded once.
static inline Single16 fused16(Single16 a, Single16 b, Single16 c) { return _mm512_fmadd_ps(a, b, c); }
/// Loaded once: GCC would load the operand of several additions anew in each, and loads are what it runs out
/// of.
static inline Single16 kept16(Single16 x) {
#if defined(__GNUC__)
  __asm__("" : "+v"(x));
#endif
  return x;
}
/// n < 16 numbers, zeros after them.
static inline Single16 load_some16(const float* p, size_t n) {
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1), p);
}
static inline Real8 low8(Single16 x) { return _mm512_cvtps_pd(_mm512_castps512_ps256(x)); }
static inline Real8 high8(Single16 x) { return _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1)); }
/// Sixteen numbers as f32 rounds them.
static inline Single16 narrowed16(Real8 low, Real8 high) {
  const __m512 first = _mm512_castps256_ps512(_mm512_cvtpd_ps(low));
  return _mm512_insertf32x8(first, _mm512_cvtpd_ps(high), 1);
}
/// 2^k from t = k + 1.5·2^23.
static inline Single16 power16(Single16 t) {
  const __m512i bits = _mm512_slli_epi32(_mm512_castps_si512(t), 23);
  return _mm512_castsi512_ps(_mm512_add_epi32(bits, _mm512_set1_epi32(0x3f800000)));
}
/// c − a·b where a·b is exact.
static inline Single16 fnma16(Single16 a, Single16 b, Single16 c) { return _mm512_fnmadd_ps(a, b, c); }
static inline Single16 div16(Single16 a, Single16 b) { return _mm512_div_ps(a, b); }
static inline Single16 least16(Single16 a, Single16 b) { return _mm512_min_ps(a, b); }
static inline Single16 most16(Single16 a, Single16 b) { return _mm512_max_ps(a, b); }
/// 1 where the word is below 2^32·p, `low` elsewhere.
static inline Single16 draw16(const uint32_t* words, Single16 p, float low) {
  const auto below = [&](const uint32_t* eight, __m256 chances) {
    const __m512d whole = _mm512_cvtepu32_pd(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(eight)));
    const __m512d limits = _mm512_mul_pd(_mm512_cvtps_pd(chances), _mm512_set1_pd(0x1p32));
    return static_cast<uint32_t>(_mm512_cmp_pd_mask(whole, limits, _CMP_LT_OQ));
  };
  const uint32_t first = below(words, _mm512_castps512_ps256(p));
  const uint32_t second = below(words + 8, _mm512_extractf32x8_ps(p, 1));
  return _mm512_mask_blend_ps(static_cast<__mmask16>(first | second << 8), _mm512_set1_ps(low),
                              _mm512_set1_ps(1));
}
/// Lanes k and k + 8, then k + 4, k + 2, k + 1.
static inline float fold16(Single16 a) {
  const __m256 upper = _mm512_extractf32x8_ps(a, 1);
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(a), upper);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}
/// The first half of that for a, then for b. Blends run on either port of FMAs, shuffles on one: of the two
/// operands of each addition one is a blend.
static inline Single16 halves16(Single16 a, Single16 b) {
  return _mm512_add_ps(_mm512_mask_blend_ps(0xff00, a, b), _mm512_shuffle_f32x4(a, b, 0x4e));
}
/// And the second, for four: a quarter of the register each.
static inline Single16 quarters16(const Single16* a, size_t apart) {
  const Single16 x = halves16(a[0], a[2 * apart]), y = halves16(a[apart], a[3 * apart]);
  const __m512i others = _mm512_setr_epi64(2, 3, 8, 9, 6, 7, 12, 13);
  const __m512d rest = _mm512_permutex2var_pd(_mm512_castps_pd(x), others, _mm512_castps_pd(y));
  return _mm512_add_ps(_mm512_mask_blend_ps(0xf0f0, x, y), _mm512_castpd_ps(rest));
}
/// fold16 of each.
template <size_t kCount>
static inline void fold_singles(const Single16* sums, double* out) {
  size_t r = 0;
  HOPFIELD_UNROLL(2)
  for (; r + 8 <= kCount; r += 8) {
    const Single16 even = quarters16(sums + r, 2), odd = quarters16(sums + r + 1, 2);
    const Single16 two =
        _mm512_add_ps(_mm512_mask_blend_ps(0xcccc, even, odd), _mm512_shuffle_ps(even, odd, 0x4e));
    const Single16 one = _mm512_add_ps(two, _mm512_permute_ps(two, 0xb1));
    const __m512i order = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
    store8(out + r, low8(_mm512_permutexvar_ps(order, one)));
  }
  HOPFIELD_UNROLL(8)
  for (; r < kCount; r++) out[r] = fold16(sums[r]);
}
/// Lanes 4c + k and 4c + k + 2 of each of two such quarters.
static inline __m512 pairs16(__m512 a, __m512 b) {
  const __m512d x = _mm512_castps_pd(a), y = _mm512_castps_pd(b);
  return _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(x, y)),
                       _mm512_castpd_ps(_mm512_unpackhi_pd(x, y)));
}
/// fold16 of many registers: out[c][r] of sums[c][r].
template <size_t kFirst, size_t kSecond>
static inline void fold_all16(const Single16 (&sums)[kFirst][kSecond], float (&out)[kFirst][kSecond]) {
  if constexpr (kFirst > 1 && kFirst <= 4 && kSecond == 4) {
    // Lane 4c + k of the quarter of r is a quarter of sums[c][r].
    Single16 all[16];
    HOPFIELD_UNROLL(16)
    for (size_t k = 0; k < 16; k++)
      all[k] = k / 4 < kFirst ? sums[k / 4 < kFirst ? k / 4 : 0][k % 4] : zero16();
    const __m512 pq = pairs16(quarters16(all, 4), quarters16(all + 1, 4));
    const __m512 st = pairs16(quarters16(all + 2, 4), quarters16(all + 3, 4));
    const __m512 whole = _mm512_add_ps(_mm512_shuffle_ps(pq, st, 0x88), _mm512_shuffle_ps(pq, st, 0xdd));
    _mm512_mask_storeu_ps(&out[0][0], static_cast<__mmask16>((1u << (4 * kFirst)) - 1), whole);
  } else {
    for (size_t c = 0; c < kFirst; c++) {
      for (size_t r = 0; r < kSecond; r++) out[c][r] = fold16(sums[c][r]);
    }
  }
}
/// Four numbers of each of four rows.
static inline Single16 rows16(const float* a, const float* b, const float* c, const float* d) {
  const __m512 two = _mm512_insertf32x4(_mm512_castps128_ps512(_mm_loadu_ps(a)), _mm_loadu_ps(b), 1);
  return _mm512_insertf32x4(_mm512_insertf32x4(two, _mm_loadu_ps(c), 2), _mm_loadu_ps(d), 3);
}
/// Four numbers four times.
static inline Single16 repeated16(const float* p) { return _mm512_broadcast_f32x4(_mm_loadu_ps(p)); }
/// fold16 from where four lanes are left, for each quarter of each of four: lane 4m + g is quarter m of g.
static inline Single16 fold_quads(const Single16* x) {
  const __m512 pq = pairs16(x[0], x[1]), st = pairs16(x[2], x[3]);
  return _mm512_add_ps(_mm512_shuffle_ps(pq, st, 0x88), _mm512_shuffle_ps(pq, st, 0xdd));
}
/// Eight numbers as f32 rounds them.
static inline void narrow8(float* p, Real8 x) { _mm256_storeu_ps(p, _mm512_cvtpd_ps(x)); }

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_SINGLES_H_
