// Sixteen neurons of one annealed replica in a register.
#ifndef HOPFIELD_SIMD_AVX512_ANNEALING_H_
#define HOPFIELD_SIMD_AVX512_ANNEALING_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

constexpr size_t kNeuronsPerBond = 32;

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

static inline __m512i sixteen_bytes(const int8_t* bytes) {
  return _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

static inline void limits_above(const uint32_t* drawn, const uint32_t* limits, uint32_t count, int32_t base,
                                int8_t* out) {
  const __m512i one = _mm512_set1_epi32(1);
  __m512i words[4], above[4];
  for (int v = 0; v < 4; v++) {
    words[v] = _mm512_loadu_si512(drawn + 16 * v);
    above[v] = _mm512_set1_epi32(base);
  }
  for (uint32_t k = 0; k < count; k++) {
    const __m512i limit = _mm512_set1_epi32(static_cast<int>(limits[k]));
    for (int v = 0; v < 4; v++)
      above[v] = _mm512_mask_add_epi32(above[v], _mm512_cmplt_epu32_mask(words[v], limit), above[v], one);
  }
  for (int v = 0; v < 4; v++)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16 * v), _mm512_cvtepi32_epi8(above[v]));
}

/// What the flip of neuron l changes for those after it, where `down` is −1 of a neuron that is −1.
static inline __m512i flip_change(__m512i down, int32_t spin, const int8_t* row, uint32_t l) {
  const __m512i turned = _mm512_xor_si512(down, _mm512_set1_epi32(spin >> 31));
  return _mm512_maskz_sub_epi32(static_cast<__mmask16>(~1u << l),
                                _mm512_xor_si512(sixteen_bytes(row), turned), turned);
}

/// What is left of x until a neuron does not flip, and below 0 where it does. Few flips are looked for; many
/// are taken as they come: the decision of one lane is spread over all of them without leaving the vectors,
/// seven clocks from one to the next.
static inline uint32_t flips_of_sixteen(const int8_t* totals, const int32_t* spins, const int8_t* bounds,
                                        const int8_t* weights, size_t stride) {
  const __m512i down = _mm512_srai_epi32(_mm512_loadu_si512(spins), 31);
  const __m512i x = _mm512_sub_epi32(_mm512_xor_si512(sixteen_bytes(totals), down), down);
  __m512i left = _mm512_sub_epi32(_mm512_sub_epi32(x, sixteen_bytes(bounds)), _mm512_set1_epi32(1));
  uint32_t taken = _mm512_movepi32_mask(left);
  if (count_ones(taken) <= kFewFlips) {
    uint32_t flips = 0;
    while (taken != 0) {
      const uint32_t l = _tzcnt_u32(taken);
      flips |= 1u << l;
      left = _mm512_sub_epi32(left, flip_change(down, spins[l], weights + l * stride, l));
      taken = _mm512_movepi32_mask(left) & (~1u << l);
    }
    return flips;
  }
  HOPFIELD_UNROLL(16)
  for (uint32_t l = 0; l < 15; l++) {
    const __m512i flips =
        _mm512_permutexvar_epi32(_mm512_set1_epi32(static_cast<int>(l)), _mm512_srai_epi32(left, 31));
    left =
        _mm512_sub_epi32(left, _mm512_and_si512(flips, flip_change(down, spins[l], weights + l * stride, l)));
  }
  return _mm512_movepi32_mask(left);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_ANNEALING_H_
