// Sixteen neurons of one annealed replica in two registers.
#ifndef HOPFIELD_SIMD_AVX2_ANNEALING_H_
#define HOPFIELD_SIMD_AVX2_ANNEALING_H_

#include "simd/intrinsics.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

static inline __m256i eight_totals(const uint32_t* totals) { return load256(totals); }
static inline __m256i eight_totals(const int16_t* totals) {
  return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(totals)));
}

template <class Total>
static inline uint32_t taken_of_eight(const Total* totals, const int32_t* spins, const uint32_t* drawn,
                                      const uint32_t* limits, uint32_t count) {
  const __m256i x = _mm256_sign_epi32(eight_totals(totals), load256(spins));
  const __m256i one = _mm256_set1_epi32(1), place = _mm256_sub_epi32(x, one);
  const __m256i free = _mm256_cmpgt_epi32(one, x);
  // At x ≤ 0 a word is taken whatever is compared with it.
  const __m256i within = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), place);
  const __m256i known = _mm256_andnot_si256(free, within);
  const __m256i limit = _mm256_mask_i32gather_epi32(_mm256_setzero_si256(),
                                                    reinterpret_cast<const int*>(limits), place, known, 4);
  // There is no comparison without signs, so the upper bits change places.
  const __m256i flip = _mm256_set1_epi32(INT32_MIN);
  const __m256i below =
      _mm256_cmpgt_epi32(_mm256_xor_si256(limit, flip), _mm256_xor_si256(load256(drawn), flip));
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_or_si256(free, below))));
}

template <class Total>
static inline uint32_t taken_of_sixteen(const Total* totals, const int32_t* spins, const uint32_t* drawn,
                                        const uint32_t* limits, uint32_t count) {
  return taken_of_eight(totals, spins, drawn, limits, count) |
         taken_of_eight(totals + 8, spins + 8, drawn + 8, limits, count) << 8;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_ANNEALING_H_
