// Philox 4×32-10 (Salmon et al. 2011) of sixteen blocks at once.
#ifndef HOPFIELD_SIMD_AVX512_PHILOX_H_
#define HOPFIELD_SIMD_AVX512_PHILOX_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"

namespace hopfield {
namespace {

constexpr size_t kPhiloxLanes = 16;

/// Sixteen blocks, a word of each in a register. Even and odd ones go apart: a product's low word stays where
/// it is, since multiplications read the lower halves alone.
struct PhiloxBlocks {
  __m512i c0, c1, c2, c3;

  /// Products and shifts share a port, so upper words come down by a shuffle, which has the other one.
  static inline __m512i upper(__m512i product) { return _mm512_shuffle_epi32(product, _MM_PERM_DDBB); }
  static inline void rounds(__m512i* c, const PhiloxKeys& keys, int from = 0) {
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53u), m1 = _mm512_set1_epi64(0xCD9E8D57u);
    for (int round = from; round < 10; round++) {
      const __m512i p0 = _mm512_mul_epu32(c[0], m0), p1 = _mm512_mul_epu32(c[2], m1);
      const __m512i k0 = _mm512_set1_epi32(static_cast<int>(keys.words[2 * round])),
                    k1 = _mm512_set1_epi32(static_cast<int>(keys.words[2 * round + 1]));
      c[0] = _mm512_ternarylogic_epi32(upper(p1), c[1], k0, 0x96);
      c[1] = p1;
      c[2] = _mm512_ternarylogic_epi32(upper(p0), c[3], k1, 0x96);
      c[3] = p0;
    }
  }
  static inline __m512i join(__m512i even, __m512i odd) {
    return _mm512_mask_blend_epi32(0xaaaa, even, _mm512_slli_epi64(odd, 32));
  }
  inline void run(const PhiloxKeys& keys) {
    __m512i even[4] = {c0, c1, c2, c3};
    __m512i odd[4] = {_mm512_srli_epi64(c0, 32), _mm512_srli_epi64(c1, 32), _mm512_srli_epi64(c2, 32),
                      _mm512_srli_epi64(c3, 32)};
    rounds(even, keys);
    rounds(odd, keys);
    c0 = join(even[0], odd[0]);
    c1 = join(even[1], odd[1]);
    c2 = join(even[2], odd[2]);
    c3 = join(even[3], odd[3]);
  }
};

/// Blocks of eight queries, draw after draw. The first two rounds are little more than numbers that stay:
///
///   c = (draw, sweep, low, high)
///   c' = (hi(M1·low) ^ sweep ^ k0, lo(M1·low), hi(M0·draw) ^ high ^ k1, lo(M0·draw))
///
/// where only the last two depend on the draw, and that in the same way for all; so c'[0]·M0 stays too.
struct PhiloxRegisters {
  __m512i high;     ///< high ^ k1 of the first round
  __m512i low;      ///< lo(M1·low) ^ k0 of the second
  __m512i product;  ///< M0·c'[0], by sweep
  __m512i upper;    ///< its upper words ^ k1 of the second round
  __m512i first;    ///< hi(M1·low) ^ k0 of the first

  /// Queries in the low halves of 64-bit lanes.
  inline void begin(const PhiloxKeys& keys, __m512i query_low, __m512i query_high) {
    const __m512i at = _mm512_mul_epu32(query_low, _mm512_set1_epi64(kPhiloxFactors[1]));
    high = _mm512_xor_si512(query_high, _mm512_set1_epi64(keys.words[1]));
    first = _mm512_xor_si512(_mm512_srli_epi64(at, 32), _mm512_set1_epi64(keys.words[0]));
    low = _mm512_xor_si512(at, _mm512_set1_epi64(keys.words[2]));
  }
  inline void sweep(const PhiloxKeys& keys, uint32_t number) {
    product = _mm512_mul_epu32(_mm512_xor_si512(first, _mm512_set1_epi64(number)),
                               _mm512_set1_epi64(kPhiloxFactors[0]));
    upper = _mm512_xor_si512(_mm512_srli_epi64(product, 32), _mm512_set1_epi64(keys.words[3]));
  }
  /// Words 0 and 2 of each block, in the low halves.
  inline void uppers(const PhiloxKeys& keys, uint32_t draw, __m512i* out) const {
    const uint64_t drawn = kPhiloxFactors[0] * draw;
    const __m512i p1 =
        _mm512_mul_epu32(_mm512_xor_si512(high, _mm512_set1_epi64(static_cast<int64_t>(drawn >> 32))),
                         _mm512_set1_epi64(kPhiloxFactors[1]));
    __m512i c[4] = {_mm512_xor_si512(PhiloxBlocks::upper(p1), low), p1,
                    _mm512_xor_si512(upper, _mm512_set1_epi64(static_cast<int64_t>(drawn))), product};
    PhiloxBlocks::rounds(c, keys, 2);
    out[0] = c[0];
    out[1] = c[2];
  }
};

static inline void philox_lanes(const uint32_t seed[2], uint32_t draw, uint32_t sweep, uint32_t query_low,
                                uint32_t query_high, uint32_t* out) {
  const __m512i index = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  PhiloxBlocks blocks{_mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(draw)), index),
                      _mm512_set1_epi32(static_cast<int>(sweep)),
                      _mm512_set1_epi32(static_cast<int>(query_low)),
                      _mm512_set1_epi32(static_cast<int>(query_high))};
  blocks.run(PhiloxKeys(seed));
  const __m512i c0 = blocks.c0, c1 = blocks.c1, c2 = blocks.c2, c3 = blocks.c3;
  // FourSums vectors of word w of blocks 0…15 into sixteen blocks of four words.
  const __m512i a = _mm512_unpacklo_epi32(c0, c1), b = _mm512_unpackhi_epi32(c0, c1);
  const __m512i c = _mm512_unpacklo_epi32(c2, c3), d = _mm512_unpackhi_epi32(c2, c3);
  const __m512i r0 = _mm512_unpacklo_epi64(a, c), r1 = _mm512_unpackhi_epi64(a, c);
  const __m512i r2 = _mm512_unpacklo_epi64(b, d), r3 = _mm512_unpackhi_epi64(b, d);
  // 128-bit lane q of r_j is block 4q + j.
  const __m512i x0 = _mm512_shuffle_i64x2(r0, r1, 0x44), x1 = _mm512_shuffle_i64x2(r2, r3, 0x44);
  const __m512i y0 = _mm512_shuffle_i64x2(r0, r1, 0xee), y1 = _mm512_shuffle_i64x2(r2, r3, 0xee);
  _mm512_storeu_si512(out, _mm512_shuffle_i64x2(x0, x1, 0x88));
  _mm512_storeu_si512(out + 16, _mm512_shuffle_i64x2(x0, x1, 0xdd));
  _mm512_storeu_si512(out + 32, _mm512_shuffle_i64x2(y0, y1, 0x88));
  _mm512_storeu_si512(out + 48, _mm512_shuffle_i64x2(y0, y1, 0xdd));
}

static inline uint32_t bounded_sixteen(const uint32_t* words, uint32_t bound, uint32_t* drawn) {
  const __m512i x = _mm512_loadu_si512(words);
  const __m512i bounds =
      _mm512_sub_epi32(_mm512_set1_epi32(static_cast<int>(bound)),
                       _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
  const __m512i even = _mm512_mul_epu32(x, bounds);
  const __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(x, 32), _mm512_srli_epi64(bounds, 32));
  _mm512_storeu_si512(drawn, _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 32), odd));
  return _mm512_cmplt_epu32_mask(PhiloxBlocks::join(even, odd), bounds);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX512_PHILOX_H_
