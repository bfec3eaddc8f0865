// The primitives of kernels/forms/interaction.h on AVX-512; what they do is said in portable_interaction.h.
//
//   intrinsic                 instruction          Ice Lake / Sapphire Rapids: latency, ports
//   _mm512_mask_blend_pd      vblendmpd zmm{k}     1, p05
//   _mm512_add_pd             vaddpd zmm           4, p05
//   (a byte to a mask)        kmovb k, r32         1, p5
//   _mm512_i32gather_pd       vgatherdpd zmm       8 loads
//
// A group costs a neuron one mask, one blend and one addition, and the two loads are shared by four neurons,
// whose four chains of additions also hide their latency.
#ifndef HOPFIELD_SIMD_AVX512_INTERACTION_H_
#define HOPFIELD_SIMD_AVX512_INTERACTION_H_

#include "simd/bits.h"
#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline double fold_eight(__m512d a) {
  const __m256d x = _mm256_add_pd(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd(a, 1));
  const __m128d y = _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
  return _mm_cvtsd_f64(y) + _mm_cvtsd_f64(_mm_unpackhi_pd(y, y));
}

static inline void weigh_four(const uint32_t* const columns[4], const uint64_t inverse[4], const double* same,
                              const double* differs, size_t groups, double sums[4]) {
  __m512d a[4];
  uint64_t bits[4];
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) a[r] = _mm512_setzero_pd();
  size_t g = 0;
  for (; g + 8 <= groups; g += 8) {
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) bits[r] = load64(columns[r] + g / 4) ^ inverse[r];
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < 8; k++) {
      const __m512d s = _mm512_loadu_pd(same + 8 * (g + k)), d = _mm512_loadu_pd(differs + 8 * (g + k));
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++) {
        a[r] = _mm512_add_pd(a[r], _mm512_mask_blend_pd(static_cast<__mmask8>(bits[r] >> (8 * k)), d, s));
      }
    }
  }
  if (g < groups) {
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) bits[r] = load64(columns[r] + g / 4) ^ inverse[r];
    for (; g < groups; g++) {
      const __m512d s = _mm512_loadu_pd(same + 8 * g), d = _mm512_loadu_pd(differs + 8 * g);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++) {
        a[r] = _mm512_add_pd(a[r], _mm512_mask_blend_pd(static_cast<__mmask8>(bits[r]), d, s));
        bits[r] >>= 8;
      }
    }
  }
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) sums[r] = fold_eight(a[r]);
}

static inline __m512d negated(__m512d x) { return _mm512_sub_pd(_mm512_setzero_pd(), x); }

static inline void look_up(const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
                           double* same, double* differs) {
  const __m256i by = _mm256_set1_epi32(shift);
  for (size_t k = 0; k < 8 * groups; k += 8) {
    const __m256i given = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(agreeing + k));
    const __m256i j = _mm256_max_epi32(_mm256_add_epi32(given, by), _mm256_setzero_si256());
    _mm512_storeu_pd(same + k, _mm512_i32gather_pd(j, table, 8));
    _mm512_storeu_pd(differs + k, negated(_mm512_i32gather_pd(j, table + 1, 8)));
  }
}

/// As look_up, in a table of kWindow entries that registers hold: four permutations find one in 64.
static inline void look_up_near(const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
                                double* same, double* differs) {
  __m512d t[8];
  HOPFIELD_UNROLL(8)
  for (size_t k = 0; k < 8; k++) t[k] = _mm512_loadu_pd(table + 8 * k);
  const __m256i by = _mm256_set1_epi32(shift);
  const __m512i sixteen = _mm512_set1_epi64(16), thirty_two = _mm512_set1_epi64(32);
  const auto find = [&](__m512i j) {
    const __mmask8 odd = _mm512_test_epi64_mask(j, sixteen), high = _mm512_test_epi64_mask(j, thirty_two);
    const __m512d a = _mm512_permutex2var_pd(t[0], j, t[1]), b = _mm512_permutex2var_pd(t[2], j, t[3]);
    const __m512d c = _mm512_permutex2var_pd(t[4], j, t[5]), d = _mm512_permutex2var_pd(t[6], j, t[7]);
    return _mm512_mask_blend_pd(high, _mm512_mask_blend_pd(odd, a, b), _mm512_mask_blend_pd(odd, c, d));
  };
  for (size_t k = 0; k < 8 * groups; k += 8) {
    const __m256i given = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(agreeing + k));
    const __m256i j = _mm256_max_epi32(_mm256_add_epi32(given, by), _mm256_setzero_si256());
    const __m512i at = _mm512_cvtepi32_epi64(j);
    _mm512_storeu_pd(same + k, find(at));
    _mm512_storeu_pd(differs + k, negated(find(_mm512_add_epi64(at, _mm512_set1_epi64(1)))));
  }
}

static inline void follow(const uint32_t* column, bool up, const double* table, int32_t last,
                          int32_t* agreeing, size_t groups, double* same, double* differs) {
  const uint64_t inverse = up ? 0 : ~uint64_t{0};
  const __m256i one = _mm256_set1_epi32(1), two = _mm256_set1_epi32(2), zero = _mm256_setzero_si256();
  for (size_t g = 0; g < groups; g++) {
    const uint64_t bits = load64(column + g / 8 * 2) ^ inverse;
    const __mmask8 more = static_cast<__mmask8>(bits >> (8 * (g % 8)));
    __m256i* to = reinterpret_cast<__m256i*>(agreeing + 8 * g);
    const __m256i now = _mm256_loadu_si256(to), less = _mm256_sub_epi32(now, one);
    const __m256i least = _mm256_max_epi32(_mm256_mask_add_epi32(less, more, now, two), zero);
    const __m256i j = _mm256_min_epi32(least, _mm256_set1_epi32(last));
    const __m512d found = _mm512_i32gather_pd(j, table, 8);
    const __m512d s = _mm512_loadu_pd(same + 8 * g), d = _mm512_loadu_pd(differs + 8 * g);
    _mm256_storeu_si256(to, _mm256_mask_add_epi32(less, more, now, one));
    _mm512_storeu_pd(same + 8 * g, _mm512_mask_blend_pd(more, found, negated(d)));
    _mm512_storeu_pd(differs + 8 * g, negated(_mm512_mask_blend_pd(more, s, found)));
  }
}

static inline uint64_t reached(const int32_t* agreeing, int32_t least) {
  const __m512i bound = _mm512_set1_epi32(least);
  uint64_t bits = 0;
  HOPFIELD_UNROLL(4)
  for (size_t k = 0; k < 4; k++) {
    const __mmask16 some = _mm512_cmpge_epi32_mask(_mm512_loadu_si512(agreeing + 16 * k), bound);
    bits |= static_cast<uint64_t>(some) << (16 * k);
  }
  return bits;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_INTERACTION_H_
