// Sixteen neurons of one annealed replica in a register.
#ifndef HOPFIELD_SIMD_AVX512_ANNEALING_H_
#define HOPFIELD_SIMD_AVX512_ANNEALING_H_

#include "simd/intrinsics.h"

namespace hopfield {
namespace {

static inline __m512i sixteen_totals(const uint32_t* totals) { return _mm512_loadu_si512(totals); }
static inline __m512i sixteen_totals(const int16_t* totals) {
  return _mm512_cvtepi16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(totals)));
}

template <class Total>
static inline uint32_t taken_of_sixteen(const Total* totals, const int32_t* spins, const uint32_t* drawn,
                                        const uint32_t* limits, uint32_t count) {
  const __m512i total = sixteen_totals(totals);
  const __mmask16 down = _mm512_movepi32_mask(_mm512_loadu_si512(spins));
  const __m512i x = _mm512_mask_sub_epi32(total, down, _mm512_setzero_si512(), total);
  const __m512i place = _mm512_sub_epi32(x, _mm512_set1_epi32(1));
  const __mmask16 free = _mm512_cmple_epi32_mask(x, _mm512_setzero_si512());
  const __mmask16 known = _mm512_cmplt_epu32_mask(place, _mm512_set1_epi32(static_cast<int>(count)));
  // A short table lies in two registers; a gather takes three times as long.
  const __m512i limit = count <= 32 ? _mm512_permutex2var_epi32(_mm512_loadu_si512(limits), place,
                                                                _mm512_loadu_si512(limits + 16))
                                    : _mm512_mask_i32gather_epi32(place, known, place, limits, 4);
  return static_cast<uint32_t>(free) |
         static_cast<uint32_t>(_mm512_mask_cmplt_epu32_mask(known, _mm512_loadu_si512(drawn), limit));
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_ANNEALING_H_
