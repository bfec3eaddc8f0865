// Philox 4×32-10 (Salmon et al. 2011) of eight blocks at once.
#ifndef HOPFIELD_SIMD_AVX2_PHILOX_H_
#define HOPFIELD_SIMD_AVX2_PHILOX_H_

#include "simd/intrinsics.h"
#include "simd/operands.h"
#include "simd/portable_philox.h"
#include "simd/x86.h"

namespace hopfield {
namespace {

using portable::kPhiloxLanes;

struct PhiloxBlocks {
  __m256i c0, c1, c2, c3;

  /// Of the even lanes; the odd ones hold whatever they come to.
  static inline void rounds(__m256i* c, const PhiloxKeys& keys, int from = 0) {
    const __m256i m0 = _mm256_set1_epi64x(0xD2511F53), m1 = _mm256_set1_epi64x(0xCD9E8D57);
    for (int round = from; round < 10; round++) {
      const __m256i p0 = _mm256_mul_epu32(c[0], m0), p1 = _mm256_mul_epu32(c[2], m1);
      const __m256i key0 = _mm256_set1_epi32(static_cast<int>(keys.words[2 * round])),
                    key1 = _mm256_set1_epi32(static_cast<int>(keys.words[2 * round + 1]));
      c[0] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), c[1]), key0);
      c[1] = p1;
      c[2] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), c[3]), key1);
      c[3] = p0;
    }
  }
  static inline __m256i odd_of(__m256i x) { return _mm256_srli_epi64(x, 32); }
  static inline __m256i join(__m256i even, __m256i odd) {
    return _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
  }
  inline void run(const PhiloxKeys& keys) {
    __m256i even[4] = {c0, c1, c2, c3}, odd[4] = {odd_of(c0), odd_of(c1), odd_of(c2), odd_of(c3)};
    rounds(even, keys);
    rounds(odd, keys);
    c0 = join(even[0], odd[0]);
    c1 = join(even[1], odd[1]);
    c2 = join(even[2], odd[2]);
    c3 = join(even[3], odd[3]);
  }
};

/// Blocks of four queries, draw after draw, as avx512_philox.h explains them.
struct PhiloxRegisters {
  __m256i high, low, product, upper, first;

  /// Queries in the low halves of 64-bit lanes.
  inline void begin(const PhiloxKeys& keys, __m256i query_low, __m256i query_high) {
    const __m256i at = _mm256_mul_epu32(query_low, _mm256_set1_epi64x(kPhiloxFactors[1]));
    high = _mm256_xor_si256(query_high, _mm256_set1_epi64x(keys.words[1]));
    first = _mm256_xor_si256(_mm256_srli_epi64(at, 32), _mm256_set1_epi64x(keys.words[0]));
    low = _mm256_xor_si256(at, _mm256_set1_epi64x(keys.words[2]));
  }
  inline void sweep(const PhiloxKeys& keys, uint32_t number) {
    product = _mm256_mul_epu32(_mm256_xor_si256(first, _mm256_set1_epi64x(number)),
                               _mm256_set1_epi64x(kPhiloxFactors[0]));
    upper = _mm256_xor_si256(_mm256_srli_epi64(product, 32), _mm256_set1_epi64x(keys.words[3]));
  }
  /// Words 0 and 2 of each block, in the low halves.
  inline void uppers(const PhiloxKeys& keys, uint32_t draw, __m256i* out) const {
    const uint64_t drawn = kPhiloxFactors[0] * draw;
    const __m256i p1 =
        _mm256_mul_epu32(_mm256_xor_si256(high, _mm256_set1_epi64x(static_cast<int64_t>(drawn >> 32))),
                         _mm256_set1_epi64x(kPhiloxFactors[1]));
    __m256i c[4] = {_mm256_xor_si256(_mm256_srli_epi64(p1, 32), low), p1,
                    _mm256_xor_si256(upper, _mm256_set1_epi64x(static_cast<int64_t>(drawn))), product};
    PhiloxBlocks::rounds(c, keys, 2);
    out[0] = c[0];
    out[1] = c[2];
  }
};

/// kPhiloxLanes blocks of four words from block `draw` on.
static inline void philox_lanes(const uint32_t seed[2], uint32_t draw, uint32_t sweep, uint32_t query_low,
                                uint32_t query_high, uint32_t* out) {
  const PhiloxKeys keys(seed);
  for (uint32_t from = 0; from < kPhiloxLanes; from += 8) {
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    PhiloxBlocks blocks{_mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(draw + from)), index),
                        _mm256_set1_epi32(static_cast<int>(sweep)),
                        _mm256_set1_epi32(static_cast<int>(query_low)),
                        _mm256_set1_epi32(static_cast<int>(query_high))};
    blocks.run(keys);
    // Word w of blocks 0…7 into eight blocks of four words.
    const __m256i a = _mm256_unpacklo_epi32(blocks.c0, blocks.c1),
                  b = _mm256_unpackhi_epi32(blocks.c0, blocks.c1);
    const __m256i c = _mm256_unpacklo_epi32(blocks.c2, blocks.c3),
                  d = _mm256_unpackhi_epi32(blocks.c2, blocks.c3);
    const __m256i b04 = _mm256_unpacklo_epi64(a, c), b15 = _mm256_unpackhi_epi64(a, c);
    const __m256i b26 = _mm256_unpacklo_epi64(b, d), b37 = _mm256_unpackhi_epi64(b, d);
    uint32_t* to = out + 4 * from;
    store256(to, _mm256_permute2x128_si256(b04, b15, 0x20));
    store256(to + 8, _mm256_permute2x128_si256(b26, b37, 0x20));
    store256(to + 16, _mm256_permute2x128_si256(b04, b15, 0x31));
    store256(to + 24, _mm256_permute2x128_si256(b26, b37, 0x31));
  }
}

/// One block of each of sixteen queries; word w of query l goes to out[64·w + l].
static inline void philox_across(const PhiloxKeys& keys, uint32_t draw, uint32_t sweep, const uint32_t* low,
                                 const uint32_t* high, uint32_t* out) {
  for (size_t l = 0; l < 16; l += 8) {
    PhiloxBlocks blocks{_mm256_set1_epi32(static_cast<int>(draw)), _mm256_set1_epi32(static_cast<int>(sweep)),
                        load256(low + l), load256(high + l)};
    blocks.run(keys);
    store256(out + l, blocks.c0);
    store256(out + 64 + l, blocks.c1);
    store256(out + 128 + l, blocks.c2);
    store256(out + 192 + l, blocks.c3);
  }
}

/// Eight of them, whose bounds these are.
static inline uint32_t bounded_eight(const uint32_t* words, __m256i bounds, uint32_t* drawn) {
  const __m256i x = load256(words);
  const __m256i even = _mm256_mul_epu32(x, bounds);
  const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), _mm256_srli_epi64(bounds, 32));
  store256(drawn, _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa));
  const __m256i low = PhiloxBlocks::join(even, odd);
  const __m256i enough = _mm256_cmpeq_epi32(_mm256_max_epu32(low, bounds), low);
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(enough))) ^ 0xff;
}

static inline uint32_t bounded_sixteen(const uint32_t* words, uint32_t bound, uint32_t* drawn) {
  const __m256i bounds =
      _mm256_sub_epi32(_mm256_set1_epi32(static_cast<int>(bound)), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
  const uint32_t low = bounded_eight(words, bounds, drawn);
  return low | bounded_eight(words + 8, _mm256_sub_epi32(bounds, _mm256_set1_epi32(8)), drawn + 8) << 8;
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_AVX2_PHILOX_H_
