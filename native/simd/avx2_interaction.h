// The primitives of kernels/forms/interaction.h on AVX2; what they do is said in portable_interaction.h.
//
//   intrinsic                 instruction          Haswell … Alder Lake: latency, ports
//   _mm256_sllv_epi64         vpsllvq ymm          1, p01
//   _mm256_blendv_pd          vblendvpd ymm        2, two of p015
//   _mm256_add_pd             vaddpd ymm           4, p01
//
// A blend looks at sign bits alone, so that one variable shift makes four masks of four pattern bits.
#ifndef HOPFIELD_SIMD_AVX2_INTERACTION_H_
#define HOPFIELD_SIMD_AVX2_INTERACTION_H_

#include "simd/avx2_fields.h"
#include "simd/bits.h"
#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

static inline double fold_eight(__m256d low, __m256d high) {
  const __m256d x = _mm256_add_pd(low, high);
  const __m128d y = _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd(x, 1));
  return _mm_cvtsd_f64(y) + _mm_cvtsd_f64(_mm_unpackhi_pd(y, y));
}

static inline void weigh_four(const uint32_t* const columns[4], const uint64_t inverse[4], const double* same,
                              const double* differs, size_t groups, double sums[4]) {
  const __m256i first = _mm256_setr_epi64x(63, 62, 61, 60), second = _mm256_setr_epi64x(59, 58, 57, 56);
  __m256d low[4], high[4];
  uint64_t bits[4] = {0, 0, 0, 0};
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) low[r] = high[r] = _mm256_setzero_pd();
  for (size_t g = 0; g < groups; g++) {
    if (g % 8 == 0) {
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < 4; r++) bits[r] = load64(columns[r] + g / 4) ^ inverse[r];
    }
    const __m256d s = _mm256_loadu_pd(same + 8 * g), d = _mm256_loadu_pd(differs + 8 * g);
    const __m256d t = _mm256_loadu_pd(same + 8 * g + 4), e = _mm256_loadu_pd(differs + 8 * g + 4);
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < 4; r++) {
      const __m256i x = _mm256_set1_epi64x(static_cast<long long>(bits[r]));
      const __m256d m = _mm256_castsi256_pd(_mm256_sllv_epi64(x, first));
      const __m256d n = _mm256_castsi256_pd(_mm256_sllv_epi64(x, second));
      low[r] = _mm256_add_pd(low[r], _mm256_blendv_pd(d, s, m));
      high[r] = _mm256_add_pd(high[r], _mm256_blendv_pd(e, t, n));
      bits[r] >>= 8;
    }
  }
  HOPFIELD_UNROLL(4)
  for (size_t r = 0; r < 4; r++) sums[r] = fold_eight(low[r], high[r]);
}

static inline __m256d negated(__m256d x) { return _mm256_sub_pd(_mm256_setzero_pd(), x); }

static inline void look_up(const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
                           double* same, double* differs) {
  for (size_t k = 0; k < 8 * groups; k += 4) {
    const __m128i given = _mm_loadu_si128(reinterpret_cast<const __m128i*>(agreeing + k));
    const __m128i j = _mm_max_epi32(_mm_add_epi32(given, _mm_set1_epi32(shift)), _mm_setzero_si128());
    _mm256_storeu_pd(same + k, _mm256_i32gather_pd(table, j, 8));
    _mm256_storeu_pd(differs + k, negated(_mm256_i32gather_pd(table + 1, j, 8)));
  }
}

static inline void look_up_near(const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
                                double* same, double* differs) {
  look_up(table, agreeing, groups, shift, same, differs);
}

static inline void follow(const uint32_t* column, bool up, const double* table, int32_t last,
                          int32_t* agreeing, size_t groups, double* same, double* differs) {
  const uint32_t inverse = up ? 0 : ~0u;
  for (size_t k = 0; k < 8 * groups; k += 4) {
    const uint32_t bits = (column[k / 32] ^ inverse) >> (k % 32);
    const __m128i more = _mm256_castsi256_si128(spread8(bits & 15));
    __m128i* to = reinterpret_cast<__m128i*>(agreeing + k);
    const __m128i now = _mm_loadu_si128(to), minus = _mm_set1_epi32(-1);
    const __m128i by = _mm_blendv_epi8(minus, _mm_set1_epi32(2), more);
    const __m128i least = _mm_max_epi32(_mm_add_epi32(now, by), _mm_setzero_si128());
    const __m128i j = _mm_min_epi32(least, _mm_set1_epi32(last));
    const __m256d found = _mm256_i32gather_pd(table, j, 8);
    const __m256d s = _mm256_loadu_pd(same + k), d = _mm256_loadu_pd(differs + k);
    const __m256d mask = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(more));
    _mm_storeu_si128(to, _mm_add_epi32(now, _mm_blendv_epi8(minus, _mm_set1_epi32(1), more)));
    _mm256_storeu_pd(same + k, _mm256_blendv_pd(found, negated(d), mask));
    _mm256_storeu_pd(differs + k, negated(_mm256_blendv_pd(s, found, mask)));
  }
}

static inline uint64_t reached(const int32_t* agreeing, int32_t least) {
  const __m256i below = _mm256_set1_epi32(least - 1);
  uint64_t bits = 0;
  for (size_t k = 0; k < 8; k++) {
    const __m256i over = _mm256_cmpgt_epi32(load256(agreeing + 8 * k), below);
    bits |= static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(over))))
            << (8 * k);
  }
  return bits;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_INTERACTION_H_
