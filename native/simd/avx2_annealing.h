// Sixteen neurons of one annealed replica in two registers.
#ifndef HOPFIELD_SIMD_AVX2_ANNEALING_H_
#define HOPFIELD_SIMD_AVX2_ANNEALING_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

constexpr size_t kNeuronsPerBond = 24;

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

static inline __m256i eight_bytes(const int8_t* bytes) {
  return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes)));
}

static inline void limits_above(const uint32_t* drawn, const uint32_t* limits, uint32_t count, int32_t base,
                                int8_t* out) {
  const __m256i flip = _mm256_set1_epi32(INT32_MIN);
  for (size_t at = 0; at < 64; at += 32) {
    __m256i words[4], above[4];
    for (size_t v = 0; v < 4; v++) {
      words[v] = _mm256_xor_si256(load256(drawn + at + 8 * v), flip);
      above[v] = _mm256_set1_epi32(base);
    }
    for (uint32_t k = 0; k < count; k++) {
      const __m256i limit = _mm256_set1_epi32(static_cast<int>(limits[k] ^ 0x80000000u));
      for (size_t v = 0; v < 4; v++)
        above[v] = _mm256_sub_epi32(above[v], _mm256_cmpgt_epi32(limit, words[v]));
    }
    // Packing goes by halves of registers.
    const __m256i packed =
        _mm256_packs_epi16(_mm256_packs_epi32(above[0], above[1]), _mm256_packs_epi32(above[2], above[3]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at),
                        _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
  }
}

/// What is left of x of sixteen neurons until they do not flip, and below 0 where they do.
struct LeftOfSixteen {
  __m256i down[2];  ///< −1 of a neuron that is −1
  __m256i left[2];

  LeftOfSixteen(const int8_t* totals, const int32_t* spins, const int8_t* bounds) {
    for (size_t h = 0; h < 2; h++) {
      const __m256i of = load256(spins + 8 * h);
      down[h] = _mm256_srai_epi32(of, 31);
      const __m256i past = _mm256_add_epi32(eight_bytes(bounds + 8 * h), _mm256_set1_epi32(1));
      left[h] = _mm256_sub_epi32(_mm256_sign_epi32(eight_bytes(totals + 8 * h), of), past);
    }
  }
  inline uint32_t taken() const {
    return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(left[0]))) |
           static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(left[1]))) << 8;
  }
  /// What a flip of neuron l changes for those after it.
  template <size_t kHalf>
  inline __m256i change(int32_t spin, const int8_t* row, uint32_t l) const {
    static const int32_t later[32] = {0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
                                      -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    const __m256i turned = _mm256_xor_si256(down[kHalf], _mm256_set1_epi32(spin >> 31));
    const __m256i change = _mm256_sub_epi32(_mm256_xor_si256(eight_bytes(row + 8 * kHalf), turned), turned);
    return _mm256_and_si256(change, load256(later + 15 - l + 8 * kHalf));
  }
  /// Neuron l takes its turn, of half kHalf.
  template <size_t kHalf>
  inline void decide(int32_t spin, const int8_t* row, uint32_t l) {
    const __m256i lane = _mm256_set1_epi32(static_cast<int>(l - 8 * kHalf));
    const __m256i flips = _mm256_permutevar8x32_epi32(_mm256_srai_epi32(left[kHalf], 31), lane);
    if constexpr (kHalf == 0)
      left[0] = _mm256_sub_epi32(left[0], _mm256_and_si256(flips, change<0>(spin, row, l)));
    left[1] = _mm256_sub_epi32(left[1], _mm256_and_si256(flips, change<1>(spin, row, l)));
  }
};

static inline uint32_t flips_of_sixteen(const int8_t* totals, const int32_t* spins, const int8_t* bounds,
                                        const int8_t* weights, size_t stride) {
  LeftOfSixteen of(totals, spins, bounds);
  uint32_t taken = of.taken();
  if (count_ones(taken) <= kFewFlips) {
    uint32_t flips = 0;
    while (taken != 0) {
      const uint32_t l = _tzcnt_u32(taken);
      flips |= 1u << l;
      of.left[0] = _mm256_sub_epi32(of.left[0], of.change<0>(spins[l], weights + l * stride, l));
      of.left[1] = _mm256_sub_epi32(of.left[1], of.change<1>(spins[l], weights + l * stride, l));
      taken = of.taken() & (~1u << l);
    }
    return flips;
  }
  HOPFIELD_UNROLL(8)
  for (uint32_t l = 0; l < 8; l++) of.decide<0>(spins[l], weights + l * stride, l);
  HOPFIELD_UNROLL(8)
  for (uint32_t l = 8; l < 15; l++) of.decide<1>(spins[l], weights + l * stride, l);
  return of.taken();
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_ANNEALING_H_
